"""The purchase order's states, and what a delivery does to them."""

from __future__ import annotations

from enum import StrEnum

from lodestock.kernel.states import Machine, moves


class OrderStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    SENT = "sent"
    NEGOTIATING = "negotiating"
    ACKNOWLEDGED = "acknowledged"
    PARTIALLY_RECEIVED = "partially_received"
    RECEIVED = "received"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_S = OrderStatus
_BEFORE_RECEIVED = [s for s in _S if s not in (_S.RECEIVED, _S.CLOSED, _S.CANCELLED)]
_REVISABLE = [
    *(_S.APPROVED, _S.SENT, _S.NEGOTIATING, _S.ACKNOWLEDGED),
    *(_S.PARTIALLY_RECEIVED, _S.RECEIVED),
]

PURCHASE_ORDER = Machine(
    "purchase order",
    OrderStatus,
    initial=_S.DRAFT,
    transitions={
        "submit": moves(_S.SUBMITTED, from_=[_S.DRAFT]),
        "approve": moves(_S.APPROVED, from_=[_S.SUBMITTED]),
        "reject": moves(_S.REJECTED, from_=[_S.SUBMITTED]),
        "redraft": moves(_S.DRAFT, from_=[_S.REJECTED]),
        "send": moves(_S.SENT, from_=[_S.APPROVED]),
        "negotiate": moves(_S.NEGOTIATING, from_=[_S.SENT]),
        "acknowledge": moves(_S.ACKNOWLEDGED, from_=[_S.SENT, _S.NEGOTIATING]),
        "receive_part": moves(
            _S.PARTIALLY_RECEIVED, from_=[_S.ACKNOWLEDGED, _S.PARTIALLY_RECEIVED]
        ),
        "receive_rest": moves(_S.RECEIVED, from_=[_S.ACKNOWLEDGED, _S.PARTIALLY_RECEIVED]),
        "close": moves(_S.CLOSED, from_=[_S.RECEIVED]),
        "cancel": moves(_S.CANCELLED, from_=_BEFORE_RECEIVED),
        # A revision reopens the approval, whatever has already arrived.
        "revise": moves(_S.SUBMITTED, from_=_REVISABLE),
    },
)

#: The event each verb writes; receiving writes GoodsReceived (see services/receive.py).
EVENT_OF_VERB = {
    "submit": "PurchaseOrderSubmitted",
    "approve": "PurchaseOrderApproved",
    "reject": "PurchaseOrderRejected",
    "redraft": "PurchaseOrderRedrafted",
    "send": "PurchaseOrderSent",
    "negotiate": "NegotiationOffered",
    "acknowledge": "PurchaseOrderAcknowledged",
    "receive_part": "GoodsReceived",
    "receive_rest": "GoodsReceived",
    "close": "PurchaseOrderClosed",
    "cancel": "PurchaseOrderCancelled",
    "revise": "PurchaseOrderRevised",
}

#: In these the supplier owes us the open quantity.
ON_ORDER = (
    *(_S.APPROVED, _S.SENT, _S.NEGOTIATING, _S.ACKNOWLEDGED),
    _S.PARTIALLY_RECEIVED,
)

_ROAD = ("submit", "approve", "send", "acknowledge")


def verbs_to_acknowledged(status: str, *, label: str = "") -> list[str]:
    """The declared steps from ``status`` to *acknowledged*, none when it is further already.

    Raises :class:`IllegalTransition` where no road leads there (rejected, cancelled, closed).
    """
    verbs: list[str] = []
    here = status
    while here not in (_S.ACKNOWLEDGED, _S.PARTIALLY_RECEIVED):
        possible = [verb for verb in _ROAD if here in PURCHASE_ORDER.transitions[verb]]
        verb = possible[0] if possible else "acknowledge"
        here = PURCHASE_ORDER.target(here, verb, label=label)
        verbs.append(verb)
    return verbs


def verbs_of_delivery(status: str, *, complete: bool, label: str = "") -> list[str]:
    """What arriving goods do to an order: a *sent* one is acknowledged by its delivery.

    Raises :class:`IllegalTransition` for an order the supplier has not been sent, or a closed one.
    """
    receive = "receive_rest" if complete else "receive_part"
    if status in (_S.SENT, _S.NEGOTIATING):
        return ["acknowledge", receive]
    PURCHASE_ORDER.target(status, receive, label=label)
    return [receive]
