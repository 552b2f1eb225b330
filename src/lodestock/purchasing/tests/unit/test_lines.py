"""Tolerance and open quantities of one line."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lodestock.purchasing.domain.lines import LineState, LineStatus, limit
from lodestock.purchasing.domain.receipts import RECEIPT_LINE, judge

QUANTITIES = st.decimals(min_value="0.000001", max_value="1000000", places=6)
FRACTIONS = st.decimals(min_value="0", max_value="0.5", places=6)


def test_100_ordered_60_and_30_received_leaves_10_open() -> None:
    state = LineState(Decimal(100), received=Decimal(90))
    assert state.open == 10
    assert state.receivable == 10
    assert state.status is LineStatus.PARTIALLY_RECEIVED


def test_five_percent_over_is_taken_and_not_a_grain_more() -> None:
    state = LineState(Decimal(100), received=Decimal(90), tolerance=Decimal("0.05"))
    assert state.receivable == Decimal(15)


def test_nothing_more_is_taken_on_a_line_whose_rest_was_cancelled() -> None:
    state = LineState(Decimal(100), Decimal(60), cancelled=Decimal(40), tolerance=Decimal("0.5"))
    assert state.receivable == 0
    assert state.status is LineStatus.RECEIVED


def test_a_line_cancelled_before_anything_came_is_cancelled() -> None:
    assert LineState(Decimal(5), cancelled=Decimal(5)).status is LineStatus.CANCELLED


@given(QUANTITIES, FRACTIONS)
def test_the_limit_never_exceeds_the_exact_product(ordered: Decimal, fraction: Decimal) -> None:
    most = limit(ordered, fraction)
    assert ordered <= most <= ordered * (1 + fraction)
    assert most.as_tuple().exponent == -6


@given(QUANTITIES, FRACTIONS, st.data())
def test_receiving_what_is_receivable_always_stays_within_the_limit(
    ordered: Decimal, fraction: Decimal, data: st.DataObject
) -> None:
    most = limit(ordered, fraction)
    received = data.draw(st.decimals(min_value=0, max_value=most, places=6))
    state = LineState(ordered, received, tolerance=fraction)
    assert received + state.receivable == most
    assert state.open <= state.receivable


def test_counted_goods_are_judged_against_what_was_open() -> None:
    assert judge(quantity=Decimal(5), open_before=Decimal(5), damaged=False) == "accept"
    assert judge(quantity=Decimal(6), open_before=Decimal(5), damaged=False) == "find_over"
    assert judge(quantity=Decimal(1), open_before=Decimal(5), damaged=True) == "find_damaged"


def test_every_judgement_leads_to_putaway_and_storage() -> None:
    for verb in ("accept", "find_short", "find_over", "find_damaged", "find_wrong"):
        judged = RECEIPT_LINE.target("counted", verb)
        waiting = RECEIPT_LINE.target(judged, "await_putaway")
        assert RECEIPT_LINE.target(waiting, "store") == "stored"
