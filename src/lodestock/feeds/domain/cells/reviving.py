"""From the canonical spelling back to the typed cell: staged rows need no second parsing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from lodestock.feeds.domain.cells.cell import (
    EMPTY,
    INVALID_MARK,
    POINTER_MARK,
    SENTINEL_MARK,
    Cell,
    State,
    Value,
    invalid,
    sentinel,
)
from lodestock.feeds.domain.cells.reading import REMEMBERED_MAX
from lodestock.feeds.domain.contract.model import Column

_VALUES: dict[str, Callable[[str], Value]] = {
    "text": str,
    "code": str,
    "enum": str,
    "bool": lambda text: text == "1",
    "integer": int,
    "decimal": Decimal,
    "money": Decimal,
    "quantity": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


class ColumnReviver(dict[str, Cell]):
    """A mapping from canonical spelling to typed cell, the inverse of ``ColumnReader``."""

    def __init__(self, column: Column, *, remembered: int = REMEMBERED_MAX) -> None:
        super().__init__()
        self._remembered = remembered
        self._value = _VALUES[column.type]

    def __missing__(self, canonical: str) -> Cell:
        if len(self) >= self._remembered:
            self.clear()
        cell = self[canonical] = self._revive(canonical)
        return cell

    def _revive(self, canonical: str) -> Cell:
        if not canonical:
            return EMPTY
        mark = canonical[0]
        if mark == SENTINEL_MARK:
            return sentinel(canonical[1:])
        if mark == POINTER_MARK:
            key = canonical[1:].partition("\x1e")[0]
            return Cell(State.POINTER, key, canonical, "pointer")
        if mark == INVALID_MARK:
            return invalid(canonical[1:], "not typed")
        return Cell(State.VALUE, self._value(canonical), canonical)


def pointer_claims(cell: Cell) -> dict[str, str]:
    """What a pointer says about the row it names, e.g. ``{"shipment_no": "ASN-93"}``."""
    parts = cell.canonical.split("\x1e")[1:]
    return dict(part.split("=", 1) for part in parts)
