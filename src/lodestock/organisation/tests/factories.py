"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from lodestock.organisation import services
from lodestock.organisation.models import (
    Attachment,
    Calendar,
    CalendarDay,
    Currency,
    Department,
    NumberSeries,
    ReasonCode,
    Site,
    Uom,
)


def a_site(code: str = "HQ") -> Site:
    """A site in Berlin that reckons in euro."""
    return services.ensure_site(
        code=code, name=f"Site {code}", currency="EUR", time_zone="Europe/Berlin"
    )


def a_calendar(code: str = "WEEK") -> Calendar:
    return Calendar.objects.get_or_create(code=code, defaults={"name": code})[0]


def make_sites(n: int) -> None:
    first = Site.objects.count()
    for number in range(first, first + n):
        a_site(f"S{number}")


def make_departments(n: int) -> None:
    site = a_site()
    first = Department.objects.count()
    for number in range(first, first + n):
        services.create_department(site=site, code=f"D{number}", name=f"Department {number}")


def make_calendars(n: int) -> None:
    first = Calendar.objects.count()
    for number in range(first, first + n):
        a_calendar(f"C{number}")


def make_calendar_days(n: int) -> None:
    calendar = a_calendar()
    first = CalendarDay.objects.count()
    for number in range(first, first + n):
        CalendarDay.objects.create(
            calendar=calendar, date=date(2026, 1, 1) + timedelta(days=number), name="Holiday"
        )


def make_currencies(n: int) -> None:
    first = Currency.objects.filter(code__startswith="Q").count()
    for number in range(first, first + n):
        code = "Q" + chr(ord("A") + number // 26) + chr(ord("A") + number % 26)
        Currency.objects.get_or_create(code=code, defaults={"name": f"Test money {number}"})


def make_currency_rates(n: int) -> None:
    first = date(2026, 1, 1)
    made = Currency.objects.get(code="EUR").rates.count()
    for number in range(made, made + n):
        services.set_rate(
            currency="EUR",
            quote_currency="USD",
            on=first + timedelta(days=number),
            rate=Decimal("1.08"),
            source="test",
        )


def make_units(n: int) -> None:
    first = Uom.objects.count()
    for number in range(first, first + n):
        Uom.objects.create(code=f"u{number}", name=f"Unit {number}", dimension="count")


def make_series(n: int) -> None:
    first = NumberSeries.objects.count()
    for number in range(first, first + n):
        code = "series_" + "".join(chr(ord("a") + int(digit)) for digit in str(number))
        NumberSeries.objects.create(code=code, name=code, pattern="X-{number:4}")


def make_reasons(n: int) -> None:
    first = ReasonCode.objects.filter(number__gte=840, number__lt=900).count()
    for number in range(first, first + n):
        code = f"test_reason_{number}"
        ReasonCode.objects.create(code=code, number=840 + number, family="transfer", name=code)


def make_attachments(n: int) -> None:
    site = a_site()
    first = Attachment.objects.count()
    for number in range(first, first + n):
        services.attach(
            subject_type="organisation.site",
            subject_id=site.pk,
            file=ContentFile(f"file {number}".encode(), name=f"note {number}.txt"),
        )


ROWS = {
    "attachments": make_attachments,
    "sites": make_sites,
    "departments": make_departments,
    "calendars": make_calendars,
    "calendar-days": make_calendar_days,
    "currencies": make_currencies,
    "currency-rates": make_currency_rates,
    "units-of-measure": make_units,
    "number-series": make_series,
    "reason-codes": make_reasons,
}
