"""The shipment's states. Outbound, transfer and return goods are *planned*; inbound goods are
*announced* by whoever sends them."""

from __future__ import annotations

from lodestock.kernel.states import Machine, moves
from lodestock.shipping.types import Direction, ShipmentStatus

_S = ShipmentStatus

SHIPMENT = Machine(
    "shipment",
    ShipmentStatus,
    initial=_S.PLANNED,
    transitions={
        "pack": moves(_S.PACKING, from_=[_S.PLANNED]),
        "make_ready": moves(_S.READY, from_=[_S.PACKING]),
        "book": moves(_S.BOOKED, from_=[_S.READY]),
        "depart": moves(_S.DEPARTED, from_=[_S.BOOKED]),
        "pass_transit": moves(_S.IN_TRANSIT, from_=[_S.DEPARTED, _S.REDELIVERY]),
        "take_out": moves(_S.OUT_FOR_DELIVERY, from_=[_S.IN_TRANSIT]),
        "deliver": moves(_S.DELIVERED, from_=[_S.IN_TRANSIT, _S.OUT_FOR_DELIVERY]),
        "fail": moves(_S.FAILED, from_=[_S.DEPARTED, _S.IN_TRANSIT, _S.OUT_FOR_DELIVERY]),
        "turn_back": moves(_S.RETURNED, from_=[_S.FAILED]),
        "redeliver": moves(_S.REDELIVERY, from_=[_S.FAILED]),
        "close": moves(_S.CLOSED, from_=[_S.DELIVERED]),
        "cancel": moves(
            _S.CANCELLED, from_=[_S.PLANNED, _S.PACKING, _S.READY, _S.BOOKED, _S.ANNOUNCED]
        ),
        "arrive": moves(_S.ARRIVED, from_=[_S.ANNOUNCED]),
        "begin_receiving": moves(_S.RECEIVING, from_=[_S.ARRIVED]),
        "finish_receiving": moves(_S.RECEIVED, from_=[_S.RECEIVING]),
    },
)

#: The event each verb writes.
EVENT_OF_VERB = {
    "pack": "ShipmentPackingStarted",
    "make_ready": "ShipmentMadeReady",
    "book": "ShipmentBooked",
    "depart": "ShipmentDeparted",
    "pass_transit": "ShipmentInTransit",
    "take_out": "ShipmentOutForDelivery",
    "deliver": "ShipmentDelivered",
    "fail": "ShipmentFailed",
    "turn_back": "ShipmentReturned",
    "redeliver": "ShipmentRedeliveryPlanned",
    "close": "ShipmentClosed",
    "cancel": "ShipmentCancelled",
    "arrive": "ShipmentArrived",
    "begin_receiving": "ShipmentReceivingStarted",
    "finish_receiving": "ShipmentReceived",
}

_TO_DEPARTURE = ("pack", "make_ready", "book", "depart")
_TO_DELIVERY = (*_TO_DEPARTURE, "pass_transit", "deliver")


def first_status(direction: Direction) -> ShipmentStatus:
    """Where a new shipment of this direction begins."""
    return _S.ANNOUNCED if direction is Direction.INBOUND else _S.PLANNED


def verbs_between(status: str, goal: ShipmentStatus, *, label: str = "") -> list[str]:
    """The declared steps that lead from ``status`` to *departed* or *delivered*.

    Somebody who hands goods over the counter says "delivered" once; the shipment still passes
    every state on the way. Raises :class:`IllegalTransition` when the road does not lead there.
    """
    road = _TO_DELIVERY if goal is _S.DELIVERED else _TO_DEPARTURE
    verbs: list[str] = []
    here = status
    while here != goal:
        possible = [verb for verb in road if here in SHIPMENT.transitions[verb]]
        verb = possible[0] if possible else road[-1]
        here = SHIPMENT.target(here, verb, label=label)
        verbs.append(verb)
    return verbs
