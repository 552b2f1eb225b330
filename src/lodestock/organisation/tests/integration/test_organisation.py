"""Sites, money, numbers, reasons and attachments on PostgreSQL."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lodestock.kernel.errors import InvalidInput
from lodestock.organisation import selectors, services
from lodestock.organisation.errors import (
    NoRate,
    UnknownCurrency,
    UnknownReason,
    UnknownSeries,
    UnknownSite,
    UnknownUnit,
)
from lodestock.organisation.models import (
    Attachment,
    Currency,
    CurrencyRate,
    NumberSeries,
    ReasonCode,
    Uom,
)
from lodestock.organisation.models.reasons import FAMILIES
from lodestock.organisation.tests.factories import a_calendar, a_site

pytestmark = pytest.mark.django_db


def test_a_site_is_found_by_its_code_and_the_refusal_names_the_others():
    a_site("HQ")
    assert selectors.site_by_code("HQ").currency.code == "EUR"
    with pytest.raises(UnknownSite, match="'MOON'; known are: HQ"):
        selectors.site_by_code("MOON")


def test_a_site_keeps_its_own_time():
    with pytest.raises(InvalidInput, match="Mars"):
        services.create_site(code="M", name="M", currency="EUR", time_zone="Mars/Olympus")
    assert selectors.site_facts(a_site().pk).time_zone == "Europe/Berlin"


def test_one_base_unit_a_dimension_is_seeded():
    bases = Uom.objects.filter(is_base=True).values_list("dimension", flat=True)
    assert sorted(bases) == ["area", "count", "length", "mass", "time", "volume"]
    assert all(unit.factor == 1 for unit in Uom.objects.filter(is_base=True))


def test_the_database_refuses_a_second_base_and_a_factor_of_zero():
    for fields in ({"is_base": True, "factor": 1}, {"factor": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Uom.objects.create(code="x", name="x", dimension="mass", **fields)


def test_case_and_pallet_have_no_factor_of_their_own():
    units = selectors.uoms_by_code()
    assert units["case"].factor is None
    assert units["pallet"].factor is None
    assert units["kg"].factor == 1


def test_kilograms_become_grams_exactly():
    kilogram, gram = selectors.uom_by_code("kg"), selectors.uom_by_code("g")
    assert selectors.convert_uom(Decimal("1.234567"), kilogram, gram) == Decimal("1234.567")
    with pytest.raises(UnknownUnit, match="known are: "):
        selectors.uom_by_code("stone")


def test_the_yen_has_no_minor_unit():
    assert selectors.minor_unit("JPY") == 0
    assert selectors.minor_units()["EUR"] == 2
    with pytest.raises(UnknownCurrency):
        selectors.currency_by_code("ZZZ")


def test_the_newest_rate_up_to_the_day_counts():
    for day, rate in [(1, "1.10"), (5, "1.20")]:
        services.set_rate(
            currency="EUR", quote_currency="USD", on=date(2026, 3, day), rate=Decimal(rate)
        )
    asked = {"currency": "EUR", "quote_currency": "USD"}
    assert selectors.rate_on(**asked, on=date(2026, 3, 4)) == Decimal("1.10")
    assert selectors.rate_on(**asked, on=date(2026, 3, 5)) == Decimal("1.20")
    with pytest.raises(NoRate):
        selectors.rate_on(**asked, on=date(2026, 2, 28))


def test_the_other_direction_is_inverted():
    services.set_rate(
        currency="EUR", quote_currency="USD", on=date(2026, 3, 1), rate=Decimal("1.25")
    )
    back = selectors.rate_on(currency="USD", quote_currency="EUR", on=date(2026, 3, 2))
    assert back == Decimal("0.8")


def test_a_rate_entered_again_replaces_the_first():
    for rate in ("1.10", "1.11"):
        services.set_rate(
            currency="EUR", quote_currency="USD", on=date(2026, 3, 1), rate=Decimal(rate)
        )
    assert CurrencyRate.objects.get().rate == Decimal("1.11")
    with pytest.raises(InvalidInput):
        services.set_rate(
            currency="EUR", quote_currency="USD", on=date(2026, 3, 1), rate=Decimal(0)
        )


def test_numbers_follow_each_other():
    assert services.next_numbers("purchase_order", 3) == ["PO-000001", "PO-000002", "PO-000003"]
    assert services.next_number("purchase_order") == "PO-000004"
    assert services.next_number("sales_order") == "SO-000001"
    assert services.next_numbers("sales_order", 0) == []


def test_many_numbers_cost_as_many_queries_as_one():
    services.next_number("lot")
    with CaptureQueriesContext(connection) as captured:
        assert len(services.next_numbers("lot", 500)) == 500
    assert len(captured) == 2


def test_a_counter_that_restarts_starts_each_year_at_one():
    series = NumberSeries.objects.get(code="count")
    series.pattern, series.restart = "C-{year}-{number:3}", "yearly"
    series.save()
    assert services.next_number("count", day=date(2026, 12, 31)) == "C-2026-001"
    assert services.next_number("count", day=date(2027, 1, 1)) == "C-2027-001"
    assert services.next_number("count", day=date(2026, 12, 31)) == "C-2026-002"


def test_an_unknown_series_is_refused_by_name():
    with pytest.raises(UnknownSeries, match="known are: "):
        services.next_number("nothing")


def test_the_program_cannot_make_sequences_of_its_own():
    statement = "SELECT organisation_next_numbers(1, '; DROP TABLE x', 1)"
    with pytest.raises(DatabaseError, match="period"), transaction.atomic():
        connection.cursor().execute(statement)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("CREATE SEQUENCE mine")


def test_a_reason_is_of_its_family_and_its_number_in_the_family_s_hundred():
    assert selectors.reason("damaged", family="scrap").number == 301
    with pytest.raises(UnknownReason, match="known are: damaged"):
        selectors.reason("found", family="scrap")
    for row in ReasonCode.objects.all():
        assert FAMILIES[row.family] <= row.number < FAMILIES[row.family] + 100
    with pytest.raises(IntegrityError), transaction.atomic():
        ReasonCode.objects.create(code="x", number=950, family="scrap", name="x")


def test_a_calendar_counts_its_working_days():
    calendar = a_calendar()
    calendar.days.create(date=date(2026, 5, 1), name="Labour day")
    assert selectors.working_days(calendar).add(date(2026, 4, 30), 1) == date(2026, 5, 4)


def test_an_attachment_is_kept_once_by_its_content():
    first, second = (
        services.attach(
            subject_type="organisation.site",
            subject_id=1,
            file=ContentFile(b"the same bytes", name=name),
        )
        for name in ("a.pdf", "b.pdf")
    )
    assert first.sha256 == second.sha256
    assert services.open_attachment(second).read() == b"the same bytes"
    assert first.media_type == "application/pdf"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("virus.exe", b"MZ", "not accepted"),
        ("empty.pdf", b"", "empty"),
        ("noending", b"x", "not accepted"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused(name, content, message):
    with pytest.raises(InvalidInput, match=message):
        services.attach(
            subject_type="organisation.site", subject_id=1, file=ContentFile(content, name=name)
        )
    assert not Attachment.objects.exists()


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("lodestock.organisation.services.attachments.MAX_BYTES", 10)
    with pytest.raises(InvalidInput, match="larger"):
        services.attach(
            subject_type="organisation.site",
            subject_id=1,
            file=ContentFile(b"x" * 11, name="a.txt"),
        )


def test_a_path_in_a_file_name_leads_nowhere():
    kept = services.attach(
        subject_type="organisation.site",
        subject_id=1,
        file=ContentFile(b"x", name="../../etc/passwd.txt"),
    )
    assert kept.name == "passwd.txt"


def test_a_currency_code_has_three_letters():
    with pytest.raises(IntegrityError), transaction.atomic():
        Currency.objects.create(code="eu", name="x")
