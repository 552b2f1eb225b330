"""Partners over HTTP."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from lodestock.accounts.services import create_user
from lodestock.accounts.types import Role
from lodestock.partners import services
from lodestock.partners.models import Partner
from lodestock.partners.tests.factories import a_customer, a_supplier, observations

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    client = APIClient()
    user = create_user(username="paula", password="correct horse battery", roles=[Role.PURCHASER])
    client.force_authenticate(user)
    return client


def test_a_supplier_is_created_with_contacts_terms_and_lead_time(api):
    answer = api.post(
        "/api/v1/partners",
        {
            "code": "ACME",
            "name": "Acme Ltd",
            "roles": ["supplier", "manufacturer"],
            "payment_terms": "NET30",
            "currency": "EUR",
            "incoterm": "DAP",
            "lead_time_days_mean": "14",
            "lead_time_days_sd": "3.5",
            "contacts": [{"name": "Ines", "email": "ines@acme.example"}],
        },
        format="json",
    )
    assert answer.status_code == 201, answer.json()
    partner = answer.json()
    assert (partner["payment_terms"], partner["lead_time_days_mean"]) == ("NET30", "14.000")
    contacts = api.get("/api/v1/contacts", {"partner": partner["sqid"]}).json()["results"]
    assert [(c["name"], c["primary"]) for c in contacts] == [("Ines", True)]
    dates = api.get(
        f"/api/v1/partners/{partner['sqid']}/supply-dates", {"ordered_on": "2026-03-02"}
    )
    assert dates.json() == {
        "ordered_on": "2026-03-02",
        "due_on": "2026-03-16",
        "required_by": "2026-03-20",
        "payment_due_on": "2026-04-15",
    }


def test_partners_are_found_by_role(api):
    a_supplier()
    a_customer()
    found = api.get("/api/v1/partners", {"role": "supplier"}).json()["results"]
    assert [row["code"] for row in found] == ["ACME"]
    customers = api.get("/api/v1/partners", {"role": "customer"}).json()["results"]
    assert [row["code"] for row in customers] == ["CUST", "WALK-IN"]
    refused = api.get("/api/v1/partners", {"role": "wizard"})
    assert (refused.status_code, refused.json()["field"]) == (400, "role")


def test_nobody_is_in_no_list(api):
    everybody = api.get("/api/v1/partners", {"active": "all"}).json()["results"]
    assert {row["code"] for row in everybody} == {"OWN", "WALK-IN"}
    assert api.get(f"/api/v1/partners/{Partner.objects.get(pk=0).sqid}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"gln": "4006381333932"}, 400, "gln"),
        ({"roles": []}, 400, "roles"),
        ({"roles": ["wizard"]}, 400, "roles[0]"),
        ({"payment_terms": "NEVER"}, 404, "payment_terms"),
        ({"lead_time_days_mean": -1}, 400, "lead_time_days_mean"),
        ({"id": 7}, 400, "id"),
        ({"code": "OWN"}, 409, "code"),
    ],
)
def test_bad_input_is_refused_by_field(api, body, status, field):
    given = {"code": "NEW", "name": "New", "roles": ["customer"]} | body
    answer = api.post("/api/v1/partners", given, format="json")
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert not Partner.objects.filter(code="NEW").exists()


def test_the_last_contact_of_a_supplier_stays(api):
    contact = a_supplier().contacts.get()
    refused = api.delete(f"/api/v1/contacts/{contact.sqid}")
    assert (refused.status_code, refused.json()["code"]) == (409, "last_contact")


def test_a_contact_does_not_change_sides(api):
    contact, other = a_supplier().contacts.get(), a_customer()
    refused = api.patch(f"/api/v1/contacts/{contact.sqid}", {"partner": other.sqid}, format="json")
    assert refused.status_code == 409


def test_observed_lead_times_are_shown_with_their_evidence(api):
    acme = a_supplier()
    services.observe_lead_times(observations(acme, 10, 12, 14))
    (row,) = api.get("/api/v1/lead-time-statistics").json()["results"]
    assert (row["partner"], row["count"]) == (acme.sqid, 3)
    assert (row["mean_days"], row["sd_days"]) == ("12.000", "2.000")
    receipts = api.get("/api/v1/lead-time-receipts", {"partner": acme.sqid}).json()["results"]
    assert sorted(receipt["days"] for receipt in receipts) == [10, 12, 14]
    assert api.post("/api/v1/lead-time-receipts", {}).status_code in {403, 405}
