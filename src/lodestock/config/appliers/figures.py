"""Typed cells as the words of shipping: a figure, a meaning, or another line; never a made-up 0."""

from __future__ import annotations

from decimal import Decimal

from lodestock.feeds.types import Cell, FeedLine, State
from lodestock.shipping.types import NOT_STATED, Meaning, Mode, Stated

MEANINGS = {
    "captured_separately": Meaning.CAPTURED_SEPARATELY,
    "included_in_price": Meaning.INCLUDED,
    "invoiced_separately": Meaning.INVOICED_SEPARATELY,
}
MODES = {
    "air": Mode.AIR,
    "air charter": Mode.AIR_CHARTER,
    "ocean": Mode.OCEAN,
    "truck": Mode.TRUCK,
    "rail": Mode.RAIL,
    "courier": Mode.COURIER,
}


def stated(cell: Cell | None) -> Stated:
    """A weight, freight or insurance as its source states it."""
    if cell is None:
        return NOT_STATED
    if cell.state is State.VALUE and isinstance(cell.value, Decimal | int):
        return Stated.of(Decimal(cell.value))
    if cell.state is State.POINTER:
        return Stated(None, Meaning.SEE_OTHER_LINE, str(cell.value))
    if cell.state is State.SENTINEL:
        return Stated(None, MEANINGS.get(str(cell.value), Meaning.NOT_STATED))
    return NOT_STATED


def figure(line: FeedLine, name: str) -> Stated:
    return stated(line.values.get(name))


def mode_of(cell: Cell | None) -> Mode:
    """How goods travel; unstated for what we have no word for."""
    if cell is None or cell.state is not State.VALUE:
        return Mode.UNSTATED
    return MODES.get(cell.canonical.casefold(), Mode.UNSTATED)
