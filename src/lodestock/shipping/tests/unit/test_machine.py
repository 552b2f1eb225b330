"""The shipment's machine, both of its roads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.kernel.errors import IllegalTransition
from lodestock.shipping.domain.machine import (
    EVENT_OF_VERB,
    SHIPMENT,
    ShipmentStatus,
    first_status,
    verbs_between,
)
from lodestock.shipping.types import Direction

S = ShipmentStatus
DECLARED = {
    ("pack", S.PLANNED): S.PACKING,
    ("make_ready", S.PACKING): S.READY,
    ("book", S.READY): S.BOOKED,
    ("depart", S.BOOKED): S.DEPARTED,
    ("pass_transit", S.DEPARTED): S.IN_TRANSIT,
    ("pass_transit", S.REDELIVERY): S.IN_TRANSIT,
    ("take_out", S.IN_TRANSIT): S.OUT_FOR_DELIVERY,
    ("deliver", S.IN_TRANSIT): S.DELIVERED,
    ("deliver", S.OUT_FOR_DELIVERY): S.DELIVERED,
    ("fail", S.DEPARTED): S.FAILED,
    ("fail", S.IN_TRANSIT): S.FAILED,
    ("fail", S.OUT_FOR_DELIVERY): S.FAILED,
    ("turn_back", S.FAILED): S.RETURNED,
    ("redeliver", S.FAILED): S.REDELIVERY,
    ("close", S.DELIVERED): S.CLOSED,
    ("cancel", S.PLANNED): S.CANCELLED,
    ("cancel", S.PACKING): S.CANCELLED,
    ("cancel", S.READY): S.CANCELLED,
    ("cancel", S.BOOKED): S.CANCELLED,
    ("cancel", S.ANNOUNCED): S.CANCELLED,
    ("arrive", S.ANNOUNCED): S.ARRIVED,
    ("begin_receiving", S.ARRIVED): S.RECEIVING,
    ("finish_receiving", S.RECEIVING): S.RECEIVED,
}


@given(st.sampled_from(list(S)), st.sampled_from(list(SHIPMENT.transitions)))
def test_every_undeclared_pair_of_state_and_verb_is_refused(
    state: ShipmentStatus, verb: str
) -> None:
    expected = DECLARED.get((verb, state))
    if expected is not None:
        assert SHIPMENT.target(state, verb) == expected
        return
    with pytest.raises(IllegalTransition):
        SHIPMENT.target(state, verb)


def test_every_verb_writes_an_event() -> None:
    assert set(EVENT_OF_VERB) == set(SHIPMENT.transitions)


def test_inbound_goods_are_announced_all_others_planned() -> None:
    assert first_status(Direction.INBOUND) == "announced"
    assert {first_status(d) for d in Direction if d is not Direction.INBOUND} == {"planned"}


def test_handing_over_walks_every_state_on_the_way() -> None:
    assert verbs_between("planned", S.DEPARTED) == ["pack", "make_ready", "book", "depart"]
    assert verbs_between("departed", S.DELIVERED) == ["pass_transit", "deliver"]
    assert verbs_between("delivered", S.DELIVERED) == []


@pytest.mark.parametrize("status", ["cancelled", "announced", "closed", "returned"])
def test_no_road_leads_from_the_wrong_side_to_delivery(status: str) -> None:
    with pytest.raises(IllegalTransition):
        verbs_between(status, S.DELIVERED)


def test_delivered_goods_do_not_depart_again() -> None:
    with pytest.raises(IllegalTransition):
        verbs_between("delivered", S.DEPARTED)
