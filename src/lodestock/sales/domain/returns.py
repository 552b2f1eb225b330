"""A return's states, and which sale a returned article belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from lodestock.kernel.states import Machine, moves


class ReturnStatus(StrEnum):
    REQUESTED = "requested"
    AUTHORISED = "authorised"
    RECEIVED = "received"
    INSPECTED = "inspected"
    RESTOCK = "restock"
    REPAIR = "repair"
    SCRAP = "scrap"
    RETURN_TO_VENDOR = "return_to_vendor"
    CREDITED = "credited"
    CLOSED = "closed"


_S = ReturnStatus
_DISPOSED = [_S.RESTOCK, _S.REPAIR, _S.SCRAP, _S.RETURN_TO_VENDOR]

RETURN = Machine(
    "return",
    ReturnStatus,
    initial=_S.REQUESTED,
    transitions={
        "authorise": moves(_S.AUTHORISED, from_=[_S.REQUESTED]),
        "receive": moves(_S.RECEIVED, from_=[_S.AUTHORISED]),
        "inspect": moves(_S.INSPECTED, from_=[_S.RECEIVED]),
        "restock": moves(_S.RESTOCK, from_=[_S.INSPECTED]),
        "repair": moves(_S.REPAIR, from_=[_S.INSPECTED]),
        "scrap": moves(_S.SCRAP, from_=[_S.INSPECTED]),
        "return_to_vendor": moves(_S.RETURN_TO_VENDOR, from_=[_S.INSPECTED]),
        "credit": moves(_S.CREDITED, from_=_DISPOSED),
        "close": moves(_S.CLOSED, from_=[_S.CREDITED]),
    },
)

EVENT_OF_VERB = {
    "authorise": "ReturnAuthorised",
    "receive": "ReturnReceived",
    "inspect": "ReturnInspected",
    "restock": "ReturnDispositioned",
    "repair": "ReturnDispositioned",
    "scrap": "ReturnDispositioned",
    "return_to_vendor": "ReturnDispositioned",
    "credit": "ReturnCredited",
    "close": "ReturnClosed",
}


@dataclass(slots=True)
class Sold:
    """A shipped line that goods may come back from; ``left`` shrinks as returns are matched."""

    line_id: int
    customer_id: int
    article: str
    unit_price: Decimal
    shipped_at: datetime
    left: Decimal


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a customer gives back. ``article`` is the variant, or the SKU of a service."""

    customer_id: int
    article: str
    quantity: Decimal
    unit_price: Decimal
    occurred_at: datetime


def match_returns(given: Sequence[GivenBack], sold: Iterable[Sold]) -> list[int | None]:
    """The sales line of each returned one, ``None`` where no sale is found.

    Returns are taken in the order given. Each goes whole to the latest sale of that article to
    that customer, not later than the return, with enough left; among those one with the same
    price comes first. ``sold`` is used up as it goes.
    """
    shelf: dict[tuple[int, str], list[Sold]] = defaultdict(list)
    for line in sorted(sold, key=lambda s: (s.shipped_at, s.line_id), reverse=True):
        shelf[line.customer_id, line.article].append(line)
    return [_take(item, shelf[item.customer_id, item.article]) for item in given]


def _take(item: GivenBack, candidates: list[Sold]) -> int | None:
    able = [s for s in candidates if s.left >= item.quantity and s.shipped_at <= item.occurred_at]
    same_price = [s for s in able if s.unit_price == item.unit_price]
    found = next(iter(same_price or able), None)
    if found is None:
        return None
    found.left -= item.quantity
    return found.line_id
