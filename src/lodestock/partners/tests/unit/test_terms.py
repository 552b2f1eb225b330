"""Dates that follow from terms and lead times (A-05)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.partners.domain import terms
from lodestock.partners.domain.lead_times import mean_and_sd
from lodestock.partners.types import LeadTime

MONDAY = date(2026, 3, 2)
TWO_WEEKS = LeadTime(Decimal("14"), Decimal("3.5"), "stated")


@pytest.mark.parametrize(
    ("invoiced", "days", "basis", "due"),
    [
        (date(2026, 1, 10), 30, "invoice_date", date(2026, 2, 9)),
        (date(2026, 1, 10), 0, "invoice_date", date(2026, 1, 10)),
        (date(2026, 1, 10), 15, "end_of_month", date(2026, 2, 15)),
        (date(2026, 1, 31), 15, "end_of_month", date(2026, 2, 15)),
        (date(2028, 2, 1), 0, "end_of_month", date(2028, 2, 29)),
        (date(2026, 12, 5), 30, "end_of_month", date(2027, 1, 30)),
    ],
)
def test_a_payment_is_due_after_its_basis(invoiced, days, basis, due):
    assert terms.payment_due(invoiced, net_days=days, basis=basis) == due


def test_goods_are_due_after_the_mean_and_late_after_one_standard_deviation():
    assert terms.due_on(MONDAY, TWO_WEEKS) == date(2026, 3, 16)
    assert terms.required_by(MONDAY, TWO_WEEKS) == date(2026, 3, 20)
    assert terms.order_by(date(2026, 3, 20), TWO_WEEKS) == MONDAY


def test_what_is_not_agreed_has_no_date():
    dates = terms.supply_dates(MONDAY, None, None)
    assert (dates.due_on, dates.required_by, dates.payment_due_on) == (None, None, None)
    assert terms.supply_dates(MONDAY, None, (30, "invoice_date")).payment_due_on == date(2026, 4, 1)


lead_times = st.builds(
    LeadTime,
    st.decimals(min_value=0, max_value=900, places=3),
    st.decimals(min_value=0, max_value=90, places=3),
    st.just("stated"),
)


@given(lead_time=lead_times)
def test_an_order_placed_by_the_last_day_is_not_late(lead_time):
    last = terms.order_by(MONDAY, lead_time)
    assert terms.required_by(last, lead_time) == MONDAY
    assert terms.due_on(last, lead_time) <= MONDAY
    assert terms.required_by(last + timedelta(days=1), lead_time) > MONDAY


@given(days=st.lists(st.integers(0, 3650), min_size=1, max_size=200))
def test_mean_and_spread_from_sums_are_those_of_the_list(days):
    found_mean, found_sd = mean_and_sd(len(days), sum(days), sum(day * day for day in days))
    exact = [Decimal(day) for day in days]
    assert abs(found_mean - mean(exact)) <= Decimal("0.0005")
    assert abs(found_sd - (stdev(exact) if len(days) > 1 else 0)) <= Decimal("0.001")


def test_no_observation_has_no_mean():
    with pytest.raises(ValueError, match="at least one"):
        mean_and_sd(0, 0, 0)
