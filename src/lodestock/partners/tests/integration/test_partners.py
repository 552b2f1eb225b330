"""Partners in their roles, with contacts, terms and lead times (A-05)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from lodestock.eventstore.models import Event
from lodestock.kernel.errors import Conflict, InvalidInput, NotFound
from lodestock.partners import selectors, services
from lodestock.partners.errors import (
    Duplicate,
    Inactive,
    LastContact,
    UnknownPartner,
    UnknownTerms,
    WrongRole,
)
from lodestock.partners.models import Contact, Partner, PaymentTerms
from lodestock.partners.tests.factories import MONDAY, a_customer, a_supplier
from lodestock.partners.types import PartnerRole

pytestmark = pytest.mark.django_db

GLN = "4006381333931"


@pytest.fixture(autouse=True)
def _checked_against_their_schemas(settings):
    settings.EVENT_SCHEMAS_CHECKED = True


def test_a_supplier_has_a_contact_a_lead_time_and_terms():
    acme = a_supplier(contacts=[{"name": "Ines", "email": "ines@acme.example"}, {"name": "Otto"}])
    assert [(c.name, c.primary) for c in acme.contacts.all()] == [("Ines", True), ("Otto", False)]
    lead_time = selectors.lead_time(acme.pk)
    assert (lead_time.mean_days, lead_time.sd_days, lead_time.source) == (
        Decimal(14),
        Decimal("3.5"),
        "stated",
    )
    assert acme.payment_terms.net_days == 30


def test_a_supplier_without_a_contact_gets_the_switchboard():
    assert [c.function for c in a_supplier().contacts.all()] == ["Switchboard"]
    customer = a_customer()
    assert not customer.contacts.exists()
    services.change_partner(partner_id=customer.pk, roles=["customer", "supplier"])
    assert customer.contacts.get().primary


def test_due_date_and_required_by_follow_from_lead_time_and_terms():
    acme = a_supplier()
    dates = selectors.supply_dates(acme.pk, MONDAY)
    assert dates.due_on == date(2026, 3, 16)
    assert dates.required_by == date(2026, 3, 20)
    assert dates.payment_due_on == date(2026, 4, 15)
    assert selectors.order_by(acme.pk, date(2026, 3, 20)) == MONDAY
    assert selectors.payment_due_on(acme.pk, MONDAY) == date(2026, 4, 1)


def test_dates_for_many_orders_cost_one_statement(django_assert_num_queries):
    acme, other = a_supplier(), a_supplier("OTHER", lead_time_days_mean="7", lead_time_days_sd=None)
    with django_assert_num_queries(1):
        answers = selectors.supply_dates_many([(acme.pk, MONDAY), (other.pk, MONDAY)] * 10)
    assert [answer.due_on for answer in answers[:2]] == [date(2026, 3, 16), date(2026, 3, 9)]
    with pytest.raises(UnknownPartner):
        selectors.supply_dates(10**9, MONDAY)


def test_a_partner_plays_several_roles():
    partner = a_supplier(roles=["manufacturer", "supplier", "supplier"])
    assert partner.roles == ["supplier", "manufacturer"]
    assert selectors.partner_by_code("ACME", role=PartnerRole.MANUFACTURER).id == partner.pk
    with pytest.raises(WrongRole, match="ACME is supplier, manufacturer, not carrier"):
        selectors.partner_by_code("ACME", role=PartnerRole.CARRIER)


def test_the_database_knows_the_roles_too():
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.filter(pk=a_customer().pk).update(roles=["wizard"])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": " "}, "code"),
        ({"name": ""}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["wizard"]}, "roles"),
        ({"roles": "supplier"}, "roles"),
        ({"gln": "4006381333932"}, "gln"),
        ({"gln": "123"}, "gln"),
        ({"country": "Germany"}, "country"),
        ({"incoterm": "XYZ"}, "incoterm"),
        ({"currency": "XXQ"}, "currency"),
        ({"lead_time_days_mean": "-1"}, "lead_time_days_mean"),
        ({"lead_time_days_mean": 1.5}, "lead_time_days_mean"),
        ({"lead_time_days_mean": "5000"}, "lead_time_days_mean"),
        ({"lead_time_days_mean": None}, "lead_time_days_mean"),
        ({"contacts": [{"name": ""}]}, "name"),
        ({"contacts": [{"name": "x", "email": "nowhere"}]}, "email"),
        ({"contacts": [{"name": "x", "fax": "1"}]}, "fax"),
        ({"no_such_field": 1}, "no_such_field"),
    ],
)
def test_bad_values_are_refused_by_field_and_leave_nothing(fields, field):
    before = Partner.objects.count(), Contact.objects.count()
    with pytest.raises(InvalidInput) as refused:
        a_supplier(**fields) if "code" not in fields else a_supplier(fields.pop("code"), **fields)
    assert refused.value.field == field
    assert (Partner.objects.count(), Contact.objects.count()) == before


def test_codes_glns_and_terms_are_checked_against_what_is_there():
    a_supplier(gln=GLN)
    with pytest.raises(Duplicate, match="already is a partner with the code 'ACME'"):
        a_supplier()
    with pytest.raises(Duplicate, match=f"GLN {GLN} already belongs"):
        a_customer(gln=GLN)
    with pytest.raises(UnknownTerms, match=r"'NET31'; known are .*NET30"):
        a_supplier("NEW", payment_terms="NET31")


def test_a_retired_partner_is_refused_by_name_and_comes_back():
    acme = a_supplier()
    services.deactivate_partner(partner_id=acme.pk)
    with pytest.raises(Inactive, match="ACME is retired"):
        selectors.partner_by_code("ACME", active=True)
    services.restore_partner(partner_id=acme.pk)
    assert selectors.partner_by_code("ACME", active=True).id == acme.pk


def test_one_contact_is_primary_and_a_supplier_keeps_one():
    acme = a_supplier(contacts=[{"name": "Ines"}])
    otto = services.add_contact(partner_id=acme.pk, name="Otto", primary=True)
    ines = acme.contacts.get(name="Ines")
    assert (ines.primary, otto.primary) == (False, True)
    services.remove_contact(contact_id=otto.pk)
    with pytest.raises(LastContact, match="Ines is the only contact of the supplier ACME"):
        services.remove_contact(contact_id=ines.pk)
    services.restore_contact(contact_id=otto.pk)
    services.change_contact(contact_id=otto.pk, primary=True, phone="+49 30 1234")
    assert acme.contacts.filter(primary=True).get() == otto


def test_addresses_have_a_country_and_at_most_one_place_number():
    acme = a_supplier()
    berlin = services.add_address(partner_id=acme.pk, city="Berlin", country="de", gln=GLN)
    assert berlin.country == "DE"
    with pytest.raises(InvalidInput, match="country: a value is needed"):
        services.add_address(partner_id=acme.pk, city="Berlin")
    with pytest.raises(Duplicate, match="already belongs to another address"):
        services.add_address(partner_id=acme.pk, city="Bonn", country="DE", gln=GLN)
    with pytest.raises(UnknownPartner):
        services.add_address(partner_id=10**9, city="Berlin", country="DE")
    services.change_address(address_id=berlin.pk, kind="billing")
    services.remove_address(address_id=berlin.pk)
    assert services.restore_address(address_id=berlin.pk).active
    with pytest.raises(NotFound):
        services.remove_address(address_id=10**9)


def test_agreed_terms_change_their_name_only():
    terms = services.create_terms(
        code="NET20", name="20 days", net_days=20, discount_days=5, discount_percent="1.5"
    )
    assert services.change_terms(terms_id=terms.pk, name="Twenty days").name == "Twenty days"
    with pytest.raises(Conflict, match="NET20 is agreed with partners as it is"):
        services.change_terms(terms_id=terms.pk, net_days=21)
    for bad in (
        {"net_days": -1},
        {"net_days": 1.5},
        {"net_days": 10, "discount_days": 11, "discount_percent": "1"},
        {"net_days": 10, "discount_days": 1},
        {"net_days": 10, "discount_days": 1, "discount_percent": "100"},
        {"net_days": 10, "basis": "someday"},
    ):
        with pytest.raises(InvalidInput):
            services.create_terms(**{"code": "BAD", "name": "bad"} | bad)
    assert not PaymentTerms.objects.filter(code="BAD").exists()


def test_the_seeded_rows_are_there_and_nobody_is_never_shown():
    assert selectors.partner_by_code("WALK-IN").id == selectors.walk_in_id()
    assert selectors.partner_by_code("OWN").roles == ("own_company",)
    assert selectors.own_company_id() != selectors.walk_in_id()
    assert Partner.objects.filter(pk=0).exists()
    assert selectors.partner_facts([0]) == {}
    with pytest.raises(UnknownPartner):
        services.change_partner(partner_id=0, name="Somebody")


def test_the_event_of_a_new_partner_holds_no_name():
    acme = a_supplier(name="Anna Schmidt", contacts=[{"name": "Ines"}])
    payload = Event.objects.get(aggregate_type="Partner", aggregate_id=acme.pk).payload
    assert payload == {"partner": "ACME", "roles": ["supplier"], "gln": None}
