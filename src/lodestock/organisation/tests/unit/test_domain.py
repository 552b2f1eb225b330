"""Number patterns, units and working days, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.kernel.errors import InvalidInput
from lodestock.organisation.domain import numbers
from lodestock.organisation.domain.units import Unit, convert, ratio
from lodestock.organisation.domain.working_days import WorkingDays
from lodestock.organisation.errors import BadNumberPattern, IncompatibleUnits

DAY = date(2026, 3, 5)
KG, G, LB = (
    Unit("kg", "mass", Decimal(1)),
    Unit("g", "mass", Decimal("0.001")),
    Unit("lb", "mass", Decimal("0.45359237")),
)
EACH, DOZEN, CASE = (
    Unit("each", "count", Decimal(1)),
    Unit("dozen", "count", Decimal(12)),
    Unit("case", "count", None),
)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("PO-{number:6}", "PO-000042"),
        ("{number}", "42"),
        ("{year}/{month}/{number:3}", "2026/03/042"),
        ("L{yy}{number:1}", "L2642"),
    ],
)
def test_a_pattern_is_filled_in(pattern, expected):
    assert numbers.fill(numbers.check_pattern(pattern), 42, DAY) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "PO-",
        "{number}{number}",
        "{number:99}",
        "{number.__class__}",
        "{day}{number}",
        "{number",
        "",
    ],
)
def test_a_pattern_that_cannot_be_filled_in_is_refused(pattern):
    with pytest.raises(BadNumberPattern):
        numbers.check_pattern(pattern)


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_two_numbers_never_look_alike(one, other):
    pattern = "SO-{number:6}"
    same = numbers.fill(pattern, one, DAY) == numbers.fill(pattern, other, DAY)
    assert same == (one == other)


@pytest.mark.parametrize(
    ("restart", "expected"), [("never", "all"), ("yearly", "2026"), ("monthly", "202603")]
)
def test_a_counter_restarts_with_its_period(restart, expected):
    assert numbers.period(restart, DAY) == expected


def test_a_pound_is_exactly_what_the_treaty_says():
    assert convert(Decimal(1), LB, G) == Decimal("453.592370")
    assert ratio(DOZEN, EACH) == 12


@given(st.decimals(min_value=0, max_value=10**9, places=6))
def test_there_and_back_loses_nothing(quantity):
    assert ratio(LB, KG) * ratio(KG, LB) == 1
    assert convert(convert(quantity, DOZEN, EACH), EACH, DOZEN) == quantity
    assert Fraction(quantity) * ratio(LB, KG) * ratio(KG, LB) == Fraction(quantity)


def test_nothing_is_rounded_away_unseen():
    with pytest.raises(InvalidInput, match="6 decimals"):
        convert(Decimal(1), EACH, DOZEN)


@pytest.mark.parametrize(("source", "target"), [(KG, EACH), (CASE, EACH), (EACH, CASE)])
def test_units_that_do_not_measure_the_same_are_refused(source, target):
    with pytest.raises(IncompatibleUnits):
        convert(Decimal(1), source, target)


def test_a_pack_is_itself():
    assert convert(Decimal(3), CASE, CASE) == 3


WEEK = WorkingDays({1, 2, 3, 4, 5}, {date(2026, 12, 25): False, date(2026, 12, 26): True})


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 12, 24), 1, date(2026, 12, 26)),  # over the holiday, to the worked Saturday
        (date(2026, 12, 24), 2, date(2026, 12, 28)),
        (date(2026, 12, 28), -1, date(2026, 12, 26)),
        (date(2026, 12, 25), 0, date(2026, 12, 26)),
        (date(2026, 12, 24), 0, date(2026, 12, 24)),
    ],
)
def test_working_days_skip_what_is_not_worked(start, count, expected):
    assert WEEK.add(start, count) == expected


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 200))
def test_working_days_count_alike_in_both_directions(start, count):
    start = WEEK.add(start, 0)
    end = WEEK.add(start, count)
    assert WEEK.add(end, -count) == start
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert sum(map(WEEK.works, days)) == count


def test_a_calendar_in_which_nobody_works_is_refused():
    with pytest.raises(InvalidInput):
        WorkingDays(set(), {}).add(DAY, 1)
