"""The purchase order's machine, over all pairs of state and verb."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.kernel.errors import IllegalTransition
from lodestock.purchasing.domain.orders import (
    EVENT_OF_VERB,
    ON_ORDER,
    PURCHASE_ORDER,
    OrderStatus,
    verbs_of_delivery,
    verbs_to_acknowledged,
)

S = OrderStatus
#: Written out a second time, by hand, from the page that rules the states.
DECLARED = {
    ("submit", S.DRAFT): S.SUBMITTED,
    ("approve", S.SUBMITTED): S.APPROVED,
    ("reject", S.SUBMITTED): S.REJECTED,
    ("redraft", S.REJECTED): S.DRAFT,
    ("send", S.APPROVED): S.SENT,
    ("negotiate", S.SENT): S.NEGOTIATING,
    ("acknowledge", S.SENT): S.ACKNOWLEDGED,
    ("acknowledge", S.NEGOTIATING): S.ACKNOWLEDGED,
    ("receive_part", S.ACKNOWLEDGED): S.PARTIALLY_RECEIVED,
    ("receive_part", S.PARTIALLY_RECEIVED): S.PARTIALLY_RECEIVED,
    ("receive_rest", S.ACKNOWLEDGED): S.RECEIVED,
    ("receive_rest", S.PARTIALLY_RECEIVED): S.RECEIVED,
    ("close", S.RECEIVED): S.CLOSED,
    ("cancel", S.DRAFT): S.CANCELLED,
    ("cancel", S.SUBMITTED): S.CANCELLED,
    ("cancel", S.APPROVED): S.CANCELLED,
    ("cancel", S.REJECTED): S.CANCELLED,
    ("cancel", S.SENT): S.CANCELLED,
    ("cancel", S.NEGOTIATING): S.CANCELLED,
    ("cancel", S.ACKNOWLEDGED): S.CANCELLED,
    ("cancel", S.PARTIALLY_RECEIVED): S.CANCELLED,
    ("revise", S.APPROVED): S.SUBMITTED,
    ("revise", S.SENT): S.SUBMITTED,
    ("revise", S.NEGOTIATING): S.SUBMITTED,
    ("revise", S.ACKNOWLEDGED): S.SUBMITTED,
    ("revise", S.PARTIALLY_RECEIVED): S.SUBMITTED,
    ("revise", S.RECEIVED): S.SUBMITTED,
}


@given(st.sampled_from(list(S)), st.sampled_from([*PURCHASE_ORDER.transitions, "fly", ""]))
def test_every_undeclared_pair_of_state_and_verb_is_refused(state: OrderStatus, verb: str) -> None:
    expected = DECLARED.get((verb, state))
    if expected is not None:
        assert PURCHASE_ORDER.target(state, verb) == expected
        return
    with pytest.raises(IllegalTransition) as refusal:
        PURCHASE_ORDER.target(state, verb)
    assert refusal.value.params["status"] == state


def test_every_verb_writes_an_event() -> None:
    assert set(EVENT_OF_VERB) == set(PURCHASE_ORDER.transitions)


def test_the_road_to_acknowledged_is_walked_step_by_step() -> None:
    assert verbs_to_acknowledged("draft") == ["submit", "approve", "send", "acknowledge"]
    assert verbs_to_acknowledged("sent") == ["acknowledge"]
    assert verbs_to_acknowledged("partially_received") == []
    with pytest.raises(IllegalTransition):
        verbs_to_acknowledged("cancelled")


def test_goods_that_arrive_acknowledge_a_sent_order() -> None:
    assert verbs_of_delivery("sent", complete=False) == ["acknowledge", "receive_part"]
    assert verbs_of_delivery("acknowledged", complete=True) == ["receive_rest"]


@pytest.mark.parametrize("status", ["draft", "submitted", "approved", "received", "closed"])
def test_goods_cannot_arrive_on_an_order_that_was_not_sent_or_is_done(status: str) -> None:
    with pytest.raises(IllegalTransition):
        verbs_of_delivery(status, complete=True)


def test_a_supplier_owes_nothing_before_approval_and_nothing_when_all_is_done() -> None:
    assert set(ON_ORDER).isdisjoint({S.DRAFT, S.SUBMITTED, S.REJECTED, S.RECEIVED, S.CANCELLED})
