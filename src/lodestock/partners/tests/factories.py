"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lodestock.partners import services
from lodestock.partners.models import (
    Address,
    Contact,
    LeadTimeReceipt,
    LeadTimeStatistics,
    Partner,
    PaymentTerms,
)
from lodestock.partners.types import LeadTimeObservation

MONDAY = date(2026, 3, 2)


def a_supplier(code: str = "ACME", **fields: Any) -> Partner:
    """A supplier that takes 14 ± 3.5 days and is paid 30 days after the invoice."""
    given = {
        "name": f"{code} Ltd",
        "roles": ["supplier"],
        "payment_terms": "NET30",
        "currency": "EUR",
        "lead_time_days_mean": "14",
        "lead_time_days_sd": "3.5",
    }
    return services.create_partner(code=code, **given | fields)


def a_customer(code: str = "CUST", **fields: Any) -> Partner:
    return services.create_partner(code=code, name=f"Customer {code}", roles=["customer"], **fields)


def observations(partner: Partner, *days: int, first: int = 0) -> list[LeadTimeObservation]:
    """One receipt for each lead time in ``days``, numbered from ``first``."""
    return [
        LeadTimeObservation(
            partner.pk, "receipt", str(number), MONDAY, MONDAY + timedelta(days=taken)
        )
        for number, taken in enumerate(days, start=first)
    ]


def make_partners(n: int) -> None:
    first = Partner.objects.count()
    for number in range(first, first + n):
        a_supplier(f"SUP-{number}")


def make_contacts(n: int) -> None:
    first = Contact.objects.count()
    partner = Partner.objects.filter(code="ACME").first() or a_supplier()
    for number in range(first, first + n):
        services.add_contact(partner_id=partner.pk, name=f"Desk {number}")


def make_addresses(n: int) -> None:
    first = Address.objects.count()
    partner = Partner.objects.filter(code="ACME").first() or a_supplier()
    for number in range(first, first + n):
        services.add_address(partner_id=partner.pk, city=f"City {number}", country="DE")


def make_terms(n: int) -> None:
    first = PaymentTerms.objects.count()
    for number in range(first, first + n):
        services.create_terms(code=f"T{number}", name=f"Terms {number}", net_days=number % 90)


def make_receipts(n: int) -> None:
    first = LeadTimeReceipt.objects.count()
    partner = Partner.objects.filter(code="ACME").first() or a_supplier()
    taken = [7 + number % 5 for number in range(n)]
    services.observe_lead_times(observations(partner, *taken, first=first))


def make_statistics(n: int) -> None:
    first = LeadTimeStatistics.objects.count()
    for number in range(first, first + n):
        partner = a_supplier(f"OBS-{number}")
        seen = observations(partner, 10, 12, first=1_000_000 + 2 * number)
        services.observe_lead_times(seen)


ROWS = {
    "partners": make_partners,
    "contacts": make_contacts,
    "addresses": make_addresses,
    "payment-terms": make_terms,
    "lead-time-receipts": make_receipts,
    "lead-time-statistics": make_statistics,
}
