"""Nobody writes where they could not look, whatever else they may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient
from tests.api.houses import House, a_house, a_worker, moved_between

from lodestock.kernel import ids
from lodestock.purchasing.tests.factories import a_supplier, a_variant

pytestmark = pytest.mark.django_db

Request = tuple[str, dict[str, Any]]


@pytest.fixture
def houses() -> tuple[House, House]:
    return a_house("WH1"), a_house("WH2")


def goods() -> dict[str, str]:
    return {"variant": ids.encode("catalog.variant", a_variant()), "quantity": "1"}


def sold() -> dict[str, Any]:
    return {"lines": [goods() | {"unit_price": "1"}]}


def only(house: House, name: str) -> str:
    """The one row of a list that a worker of this house sees."""
    (row,) = a_worker(house.warehouse).get(f"/api/v1/{name}").json()["results"]
    return str(row["sqid"])


def place_below(first: House, second: House) -> Request:
    body = {"kind": "zone", "code": "Z9", "parent": second.warehouse.sqid}
    return "locations", body | {"site": second.here["site"]}


def place_above_all(first: House, second: House) -> Request:
    return "locations", {"site": first.here["site"], "kind": "warehouse", "code": "WH9"}


def place_moved_out(first: House, second: House) -> Request:
    return f"locations/{first.dock.sqid}/move", {"parent": None, "code": "FREE"}


def virtual_place(first: House, second: House) -> Request:
    return "locations/virtual", {"site": second.here["site"], "kind": "transit"}


def unit(first: House, second: House) -> Request:
    return "handling-units", {"kind": "pallet", "location": second.dock.sqid}


def unit_moved(first: House, second: House) -> Request:
    body = {"location": second.dock.sqid, "reference_type": "t", "reference_id": "1"}
    return f"handling-units/{only(first, 'handling-units')}/move", body


def purchase(first: House, second: House) -> Request:
    supplier = ids.encode("partners.partner", a_supplier())
    return "purchase-orders", {"supplier": supplier, "site": second.here["site"]} | sold()


def receipt(first: House, second: House) -> Request:
    line = {"line": first.order.lines.get().sqid, "quantity": "1"}
    body = {"location": second.dock.sqid, "lines": [line]}
    return f"purchase-orders/{first.order.sqid}/receipts", body


def put_away(first: House, second: House) -> Request:
    line = only(first, "receipt-lines")
    return f"receipt-lines/{line}/store", {"location": second.dock.sqid}


def sale(first: House, second: House) -> Request:
    return "sales-orders", second.here | sold()


def taken_back(first: House, second: House) -> Request:
    return "returns", second.here | sold() | {"reason": "defective"}


def shipment(first: House, second: House) -> Request:
    body = {"direction": "outbound", "lines": [goods()], "origin_location": second.dock.sqid}
    return "shipments", body


def movement(first: House, second: House) -> Request:
    sides = {"from": {"location": first.dock.sqid}, "to": {"location": second.dock.sqid}}
    posting = {"kind": "transfer", "reference_type": "t", "reference_id": "1"}
    return "movements", {"postings": [posting | {"lines": [goods() | sides]}]}


def reversal(first: House, second: House) -> Request:
    posting = ids.encode("inventory.posting", moved_between(first, second))
    return f"postings/{posting}/reverse", {"reason": "wrong"}


def promise(first: House, second: House) -> Request:
    body = {"reference_type": "t", "reference_id": "1", "within": second.warehouse.sqid}
    return "reservations", body | goods()


WRITES = (
    *(place_below, place_above_all, place_moved_out, virtual_place, unit, unit_moved),
    *(purchase, receipt, put_away, sale, taken_back, shipment),
    *(movement, reversal, promise),
)


@pytest.mark.parametrize("request_of", WRITES, ids=lambda made: made.__name__)
def test_what_would_lie_elsewhere_is_refused_and_nothing_stays(
    houses: tuple[House, House], request_of: Callable[[House, House], Request]
) -> None:
    client = a_worker(houses[0].warehouse)
    permit_everything_but_other_warehouses(client)
    address, body = request_of(*houses)
    before = counts()
    answer = client.post(f"/api/v1/{address}", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), answer.content
    assert "warehouses" in answer.json()["detail"]
    assert counts() == before
    permit_everything(client)
    assert client.post(f"/api/v1/{address}", body, format="json").status_code in {200, 201}


def permit_everything_but_other_warehouses(client: APIClient) -> None:
    """So that the place alone decides."""
    rights = Permission.objects.exclude(codename="all_warehouses")
    client.handler._force_user.user_permissions.set(rights)


def permit_everything(client: APIClient) -> None:
    client.handler._force_user.user_permissions.set(Permission.objects.all())


def counts() -> dict[str, int]:
    """How many rows each table of places, goods and documents has."""
    rooms = ("locations", "inventory", "purchasing", "sales", "shipping", "eventstore")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return {model._meta.label: model._default_manager.count() for model in models}
