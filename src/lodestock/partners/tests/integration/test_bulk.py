"""Partners by the thousand."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lodestock.eventstore.models import Event
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.models import History
from lodestock.partners import services
from lodestock.partners.errors import Duplicate, UnknownTerms
from lodestock.partners.models import Contact, Partner
from lodestock.partners.tests.factories import a_supplier
from lodestock.partners.types import PartnerSpec

pytestmark = pytest.mark.django_db

GLN = "4006381333931"


def customers(count: int) -> list[PartnerSpec]:
    return [PartnerSpec(code=f"C{n}", name=f"Name {n}", roles=["customer"]) for n in range(count)]


def test_thousands_are_created_once_and_then_only_compared():
    started = time.process_time()
    created = services.ensure_partners(customers(4_000))
    assert len(created.created) == 4_000
    before = History.objects.count()
    again = services.ensure_partners(customers(4_000))
    assert dict(again) == dict(created)
    assert again.unchanged == set(created)
    assert History.objects.count() == before
    assert time.process_time() - started < 4.0
    assert Event.objects.filter(event_type="PartnerCreated").count() == 4_000


def test_the_statements_do_not_grow_with_the_rows():
    def statements(prefix: str, count: int) -> int:
        rows = [PartnerSpec(code=f"{prefix}{n}", roles=["supplier"]) for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            services.ensure_partners(rows)
        return len(captured)

    assert statements("many", 300) == statements("few", 3)


def test_suppliers_of_an_import_have_a_contact_too():
    services.ensure_partners([PartnerSpec(code="V", name="Vendor", roles=["supplier"])])
    assert Contact.objects.get(partner__code="V").primary


def test_roles_are_added_and_other_values_brought_up_to_date():
    services.ensure_partners([PartnerSpec(code="A", name="A", roles=["customer"], country="DE")])
    again = services.ensure_partners(
        [PartnerSpec(code="A", roles=["supplier"], payment_terms="NET30")]
    )
    kept = Partner.objects.get(code="A")
    assert again.changed == {"A"}
    assert kept.roles == ["supplier", "customer"]
    assert (kept.name, kept.country, kept.payment_terms.code) == ("A", "DE", "NET30")
    assert kept.contacts.exists()


def test_without_update_only_roles_are_added():
    services.ensure_partners([PartnerSpec(code="A", name="A", roles=["customer"])])
    spec = PartnerSpec(code="A", name="B", roles=["carrier"])
    assert services.ensure_partners([spec], update=False).changed == {"A"}
    assert services.ensure_partners([spec], update=False).changed == set()
    kept = Partner.objects.get(code="A")
    assert (kept.name, kept.roles) == ("A", ["customer", "carrier"])


def test_bad_rows_are_named_and_leave_the_others_alone():
    a_supplier(gln=GLN)
    answer = services.ensure_partners(
        [
            PartnerSpec(code="good", roles=["customer"]),
            PartnerSpec(code="no role"),
            PartnerSpec(code="terms", roles=["supplier"], payment_terms="NEVER"),
            PartnerSpec(code="gln", roles=["supplier"], gln=GLN),
            PartnerSpec(code="sd", roles=["supplier"], lead_time_days_sd="2"),
        ],
        strict=False,
    )
    assert {code: type(error) for code, error in answer.refused.items()} == {
        "no role": InvalidInput,
        "terms": UnknownTerms,
        "gln": Duplicate,
        "sd": InvalidInput,
    }
    assert set(answer) == {"good"}
    with pytest.raises(InvalidInput):
        services.ensure_partners([PartnerSpec(code="x", roles=["customer"]), PartnerSpec(code="y")])
    assert not Partner.objects.filter(code="x").exists()
