"""Places over HTTP."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from lodestock.accounts.services import create_user, grant_scope
from lodestock.accounts.types import WAREHOUSE, Role
from lodestock.locations import ports
from lodestock.locations.models import Location
from lodestock.locations.tests.factories import a_bin, a_place, a_site, a_warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    client = APIClient()
    user = create_user(username="stan", password="correct horse battery", roles=[Role.STOCK_KEEPER])
    client.force_authenticate(user)
    return client


def test_places_are_created_down_to_the_bin(api):
    site, parent = a_site(), None
    for kind, code in (("warehouse", "WH1"), ("zone", "Z2"), ("aisle", "A03"), ("rack", "R07")):
        body = {"site": site.sqid, "kind": kind, "code": code, "parent": parent}
        answer = api.post("/api/v1/locations", body, format="json")
        assert answer.status_code == 201, answer.json()
        parent = answer.json()["sqid"]
    body = {"site": site.sqid, "kind": "bin", "code": "B2", "parent": parent, "x": "1.5"}
    answer = api.post("/api/v1/locations", body, format="json").json()
    assert (answer["path"], answer["status"], answer["is_virtual"], answer["x"]) == (
        "WH1/Z2/A03/R07/B2",
        "open",
        False,
        "1.500000",
    )


def test_everything_in_a_place_is_listed(api):
    a_bin()
    a_warehouse("WH10")
    zone = Location.objects.get(path="WH1/Z2")
    found = api.get("/api/v1/locations", {"under": zone.sqid}).json()["results"]
    assert [row["path"] for row in found] == [
        "WH1/Z2",
        "WH1/Z2/A03",
        "WH1/Z2/A03/R07",
        "WH1/Z2/A03/R07/B2",
    ]
    bins = api.get("/api/v1/locations", {"under": zone.sqid, "kind": "bin"}).json()
    assert bins["count"] == 1
    tops = api.get("/api/v1/locations", {"top": "true", "kind": "warehouse"}).json()["results"]
    assert [row["path"] for row in tops] == ["WH1", "WH10"]


def test_a_place_is_moved_closed_and_reopened(api):
    place, other = a_bin(), a_warehouse("WH9")
    zone = Location.objects.get(path="WH1/Z2")
    address = f"/api/v1/locations/{zone.sqid}"
    moved = api.post(f"{address}/move", {"parent": other.sqid, "code": "Z9"}, format="json")
    assert moved.json()["path"] == "WH9/Z9"
    assert api.post(f"{address}/close", {"reason": "painting"}, format="json").status_code == 200
    shown = api.get(f"/api/v1/locations/{place.sqid}").json()
    assert (shown["path"], shown["status"]) == ("WH9/Z9/A03/R07/B2", "closed")
    again = api.post(f"{address}/close", format="json")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
    assert api.post(f"{address}/reopen", format="json").json()["status"] == "open"
    entry = api.get(f"{address}/history").json()["results"][1]
    assert (entry["reason"], entry["changes"]["status"]["new"]) == ("painting", "closed")


def test_a_place_with_stock_stays_open(api, monkeypatch):
    warehouse = a_warehouse()
    monkeypatch.setattr(ports, "_question", set)
    refused = api.post(f"/api/v1/locations/{warehouse.sqid}/close", format="json")
    deleted = api.delete(f"/api/v1/locations/{warehouse.sqid}")
    assert (refused.status_code, refused.json()["code"]) == (409, "location_holds_stock")
    assert deleted.status_code == 409


def test_a_pattern_makes_places(api):
    warehouse = a_warehouse()
    address = f"/api/v1/locations/{warehouse.sqid}/generate"
    body = {"pattern": "A{01..02}/R{1..3}/B{1..4}"}
    assert api.post(address, body, format="json").json() == {"created": 32, "existing": 0}
    assert api.post(address, body, format="json").json() == {"created": 0, "existing": 32}
    refused = api.post(address, {"pattern": "{5..1}"}, format="json")
    assert (refused.status_code, refused.json()["field"]) == (400, "pattern")


def test_a_site_gets_a_virtual_place_of_its_own(api):
    body = {"site": a_site().sqid, "kind": "transit"}
    made = api.post("/api/v1/locations/virtual", body, format="json")
    assert (made.status_code, made.json()["path"]) == (201, "V-TRANSIT-HQ")
    assert made.json()["is_virtual"] is True
    assert api.post("/api/v1/locations/virtual", body, format="json").status_code == 409


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"code": "A/B"}, 400, "code"),
        ({"kind": "shelf"}, 400, "kind"),
        ({"kind": "virtual"}, 400, "kind"),
        ({"site": None}, 400, "site"),
        ({"site": "zzzzzz"}, 400, "site"),
        ({"path": "X", "pth": "Y"}, 400, "pth"),
        ({"code": "WH1"}, 409, "code"),
        ({"max_weight_kg": "1e30"}, 400, "max_weight_kg"),
    ],
)
def test_bad_input_is_refused_by_field(api, body, status, field):
    warehouse = a_warehouse()
    given = {"site": warehouse.site.sqid, "kind": "warehouse", "code": "NEW"} | body
    answer = api.post("/api/v1/locations", given, format="json")
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert not Location.objects.filter(code="NEW").exists()


def test_kind_and_site_stay(api):
    warehouse, other = a_warehouse(), a_site("OTHER")
    address = f"/api/v1/locations/{warehouse.sqid}"
    assert api.patch(address, {"kind": "zone"}, format="json").status_code == 409
    assert api.patch(address, {"site": other.sqid}, format="json").status_code == 409
    assert (
        api.patch(address, {"name": "Main", "code": "WH2"}, format="json").json()["path"] == "WH2"
    )


def test_somebody_bound_to_a_department_sees_its_places_and_common_ones():
    from lodestock.organisation.models import Department

    warehouse = a_warehouse()
    film = Department.objects.create(site=warehouse.site, code="FM", name="Film")
    labels = Department.objects.create(site=warehouse.site, code="LM", name="Labels")
    a_place(warehouse, "rack", "FM01", department_id=film.pk)
    a_place(warehouse, "rack", "LM01", department_id=labels.pk)
    user = create_user(
        username="dora",
        password="correct horse battery",
        roles=[Role.DEPT_SK],
        department=film,
    )
    grant_scope(user=user, kind=WAREHOUSE, object_id=warehouse.pk)
    client = APIClient()
    client.force_authenticate(user)
    found = client.get("/api/v1/locations", {"under": warehouse.sqid}).json()["results"]
    assert [row["path"] for row in found] == ["WH1", "WH1/FM01"]
