"""The sales order's states. Hold is no state: a held order keeps its place and waits."""

from __future__ import annotations

from enum import StrEnum

from lodestock.kernel.states import Machine, moves


class OrderStatus(StrEnum):
    DRAFT = "DRAFT"
    CREATED = "CREATED"
    PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED"
    FULFILLED = "FULFILLED"
    CANCELLED = "CANCELLED"


_S = OrderStatus

SALES_ORDER = Machine(
    "sales order",
    OrderStatus,
    initial=_S.DRAFT,
    transitions={
        "create": moves(_S.CREATED, from_=[_S.DRAFT]),
        "fulfil_part": moves(_S.PARTIALLY_FULFILLED, from_=[_S.CREATED, _S.PARTIALLY_FULFILLED]),
        "fulfil_rest": moves(_S.FULFILLED, from_=[_S.CREATED, _S.PARTIALLY_FULFILLED]),
        "cancel": moves(_S.CANCELLED, from_=[_S.CREATED, _S.PARTIALLY_FULFILLED]),
        # Further lines of a known document (a later part of a feed): what was done stays done.
        "amend": {
            _S.CREATED: _S.CREATED,
            _S.PARTIALLY_FULFILLED: _S.PARTIALLY_FULFILLED,
            _S.FULFILLED: _S.PARTIALLY_FULFILLED,
        },
    },
)

#: The event each verb writes, verbatim as subscribers know them.
EVENT_OF_VERB = {
    "create": "OrderCreated",
    "fulfil_part": "OrderPartiallyFulfilled",
    "fulfil_rest": "OrderFulfilled",
    "cancel": "OrderCancelled",
    "amend": "OrderAmended",
}

#: In these goods may be reserved and shipped.
WORKABLE = (_S.CREATED, _S.PARTIALLY_FULFILLED)
