"""What is edited in the back office goes the way of the services: rules, events, history."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.forms import BaseForm
from django.test import Client

from lodestock.kernel.testing.back_office import newest, page, send, told
from lodestock.partners import services
from lodestock.partners.models import Address, Contact, Partner, PaymentTerms
from lodestock.partners.types import PartnerSpec

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Any:
    return get_user_model().objects.create_superuser("anna", "a@example.com", "x")


@pytest.fixture
def office(client: Client, anna: Any) -> Client:
    client.force_login(anna)
    return client


def errors(refused: BaseForm | None) -> list[str]:
    assert refused is not None
    return list(refused.errors)


def test_a_partner_made_in_the_back_office_is_told_and_a_supplier_has_a_contact(
    office, anna
) -> None:
    given = {"code": "ACME", "name": "Acme Ltd", "roles": "supplier,carrier", "country": "de"}
    assert send(office, "/admin/partners/partner/add/", **given) is None
    partner = Partner.objects.get(code="ACME")
    ((name, actor, payload),) = told(partner)
    assert (name, actor, payload["roles"]) == ("PartnerCreated", anna.pk, ["supplier", "carrier"])
    assert partner.country == "DE"
    assert partner.contacts.get().primary
    assert newest(partner)[:2] == (anna.pk, "back office")


def test_an_edited_partner_leaves_an_event_and_history_with_the_user(office, anna) -> None:
    partner = services.create_partner(code="ACME", name="Acme", roles=["supplier"])
    assert send(office, page(partner), name="Acme & Sons", gln="4012345000009") is None
    name, actor, payload = told(partner)[-1]
    assert (name, actor) == ("PartnerChanged", anna.pk)
    assert payload == {
        "partner": "ACME",
        "roles": ["supplier"],
        "gln": "4012345000009",
        "active": True,
        "changed": ["gln", "name"],
    }
    assert newest(partner) == (anna.pk, "back office", {"name", "gln"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gln", "4012345000008"),
        ("country", "Germany"),
        ("roles", "wizard"),
        ("lead_time_days_sd", "3"),
    ],
)
def test_what_a_service_refuses_is_not_saved(office, field, value) -> None:
    partner = services.create_partner(code="ACME", name="Acme", roles=["customer"])
    before = partner.history().count()
    assert send(office, page(partner), **{field: value}) is not None
    assert partner.history().count() == before
    assert len(told(partner)) == 1


def test_a_retired_partner_is_told_and_can_come_back(office, anna) -> None:
    partner = services.create_partner(code="ACME", name="Acme", roles=["supplier"])
    assert send(office, page(partner), active=False) is None
    assert told(partner)[-1][2] | {"gln": None} == {
        "partner": "ACME",
        "roles": ["supplier"],
        "gln": None,
        "active": False,
        "changed": ["active"],
    }
    assert send(office, page(partner), active=True) is None
    assert Partner.objects.get(pk=partner.pk).active
    office.post(page(partner, "delete"), {"post": "yes"})
    assert not Partner.objects.get(pk=partner.pk).active
    assert [name for name, _, _ in told(partner)] == ["PartnerCreated", *["PartnerChanged"] * 3]


def test_a_new_primary_contact_takes_over_and_the_last_one_stays(office) -> None:
    partner = services.create_partner(code="ACME", name="Acme", roles=["supplier"])
    first = partner.contacts.get()
    given = {"partner": partner.pk, "name": "Berta", "primary": "on"}
    assert send(office, "/admin/partners/contact/add/", **given) is None
    first.refresh_from_db()
    assert not first.primary
    assert send(office, page(first), active=False) is None
    berta = Contact.objects.get(name="Berta")
    form = send(office, page(berta), active=False)
    assert form is not None
    assert "only contact" in str(form.errors)
    answer = office.post(page(berta, "delete"), {"post": "yes"}, follow=True)
    assert "only contact" in answer.content.decode()
    assert Contact.objects.get(pk=berta.pk).active


def test_addresses_and_terms_follow_their_rules(office) -> None:
    partner = services.create_partner(code="ACME", name="Acme", roles=["customer"])
    address = {"partner": partner.pk, "kind": "main", "city": "Kiel", "country": "de"}
    assert send(office, "/admin/partners/address/add/", **address) is None
    row = Address.objects.get()
    assert row.country == "DE"
    assert errors(send(office, page(row), gln="123")) == ["gln"]
    terms = services.create_terms(code="N30", name="30 days", net_days=30)
    assert errors(send(office, page(terms), net_days="60")) == ["net_days"]
    assert send(office, page(terms), name="Thirty days") is None
    assert PaymentTerms.objects.get(pk=terms.pk).name == "Thirty days"


def test_an_import_that_changes_a_partner_is_told_too() -> None:
    partner = services.create_partner(code="ACME", name="Acme", roles=["supplier"])
    services.ensure_partners([PartnerSpec(code="ACME", roles=["supplier"], country="DE")])
    services.ensure_partners([PartnerSpec(code="ACME", roles=["supplier"], country="DE")])
    assert [(name, payload.get("changed")) for name, _, payload in told(partner)] == [
        ("PartnerCreated", None),
        ("PartnerChanged", ["country"]),
    ]
