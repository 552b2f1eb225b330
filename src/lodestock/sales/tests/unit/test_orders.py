"""The sales order's machine and the arithmetic of its lines."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.kernel.errors import IllegalTransition
from lodestock.sales.domain.lines import LineState, LineStatus, verb_of_shipment
from lodestock.sales.domain.orders import EVENT_OF_VERB, SALES_ORDER, OrderStatus

S = OrderStatus
DECLARED = {
    ("create", S.DRAFT): S.CREATED,
    ("fulfil_part", S.CREATED): S.PARTIALLY_FULFILLED,
    ("fulfil_part", S.PARTIALLY_FULFILLED): S.PARTIALLY_FULFILLED,
    ("fulfil_rest", S.CREATED): S.FULFILLED,
    ("fulfil_rest", S.PARTIALLY_FULFILLED): S.FULFILLED,
    ("cancel", S.CREATED): S.CANCELLED,
    ("cancel", S.PARTIALLY_FULFILLED): S.CANCELLED,
    ("amend", S.CREATED): S.CREATED,
    ("amend", S.PARTIALLY_FULFILLED): S.PARTIALLY_FULFILLED,
    ("amend", S.FULFILLED): S.PARTIALLY_FULFILLED,
}


def test_the_statuses_are_the_words_of_the_brief_verbatim() -> None:
    assert SALES_ORDER.values == (
        "DRAFT",
        "CREATED",
        "PARTIALLY_FULFILLED",
        "FULFILLED",
        "CANCELLED",
    )


def test_the_event_names_are_verbatim() -> None:
    names = {"OrderCreated", "OrderPartiallyFulfilled", "OrderFulfilled", "OrderCancelled"}
    assert names <= set(EVENT_OF_VERB.values())


@given(st.sampled_from(list(S)), st.sampled_from([*SALES_ORDER.transitions, "teleport"]))
def test_every_undeclared_pair_of_state_and_verb_is_refused(state: OrderStatus, verb: str) -> None:
    expected = DECLARED.get((verb, state))
    if expected is not None:
        assert SALES_ORDER.target(state, verb) == expected
        return
    with pytest.raises(IllegalTransition):
        SALES_ORDER.target(state, verb)


def test_an_order_is_fulfilled_when_nothing_is_open() -> None:
    done = LineState(Decimal(2), shipped=Decimal(2))
    half = LineState(Decimal(2), shipped=Decimal(1))
    dropped = LineState(Decimal(2), shipped=Decimal(1), cancelled=Decimal(1))
    assert verb_of_shipment([done, dropped]) == "fulfil_rest"
    assert verb_of_shipment([done, half]) == "fulfil_part"


def test_a_line_says_where_it_stands() -> None:
    assert LineState(Decimal(2)).status is LineStatus.OPEN
    assert LineState(Decimal(2), Decimal(1)).status is LineStatus.PARTIALLY_SHIPPED
    assert LineState(Decimal(2), Decimal(2)).status is LineStatus.SHIPPED
    assert LineState(Decimal(2), cancelled=Decimal(2)).status is LineStatus.CANCELLED
    assert LineState(Decimal(2), Decimal(2), returned=Decimal(1)).returnable == 1
