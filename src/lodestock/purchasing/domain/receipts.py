"""The states of a receipt line."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from lodestock.kernel.states import Machine, moves


class ReceiptLineStatus(StrEnum):
    EXPECTED = "expected"
    COUNTED = "counted"
    ACCEPTED = "accepted"
    SHORT = "short"
    OVER = "over"
    DAMAGED = "damaged"
    WRONG = "wrong"
    PUTAWAY_PENDING = "putaway_pending"
    STORED = "stored"


_S = ReceiptLineStatus
_JUDGED = [_S.ACCEPTED, _S.SHORT, _S.OVER, _S.DAMAGED, _S.WRONG]

RECEIPT_LINE = Machine(
    "receipt line",
    ReceiptLineStatus,
    initial=_S.EXPECTED,
    transitions={
        "count": moves(_S.COUNTED, from_=[_S.EXPECTED]),
        "accept": moves(_S.ACCEPTED, from_=[_S.COUNTED]),
        "find_short": moves(_S.SHORT, from_=[_S.COUNTED]),
        "find_over": moves(_S.OVER, from_=[_S.COUNTED]),
        "find_damaged": moves(_S.DAMAGED, from_=[_S.COUNTED]),
        "find_wrong": moves(_S.WRONG, from_=[_S.COUNTED]),
        "await_putaway": moves(_S.PUTAWAY_PENDING, from_=_JUDGED),
        "store": moves(_S.STORED, from_=[_S.PUTAWAY_PENDING]),
    },
)


def judge(*, quantity: Decimal, open_before: Decimal, damaged: bool) -> str:
    """The verb that says how counted goods compare with what was still open."""
    if damaged:
        return "find_damaged"
    return "find_over" if quantity > open_before else "accept"
