"""The typed cell and its canonical spelling, by which equal contents are known as equal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

SENTINEL_MARK = "\x01"
POINTER_MARK = "\x02"
INVALID_MARK = "\x03"

Value = str | int | bool | Decimal | date | datetime | None


class State(Enum):
    """``SENTINEL`` is a meaning, ``POINTER`` another row's value; neither is ever 0."""

    VALUE = "value"
    EMPTY = "empty"
    SENTINEL = "sentinel"
    POINTER = "pointer"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Cell:
    """A typed cell.

    ``value``: the typed value; for a sentinel its meaning, for a pointer the key it names.
    ``canonical``: the same for every spelling of the same content.
    ``dialect``: the spelling (date pattern or number form) that was recognised.
    ``repaired``: name of the repair that was applied, or "".
    ``problem``: why an invalid cell is invalid, in words.
    """

    state: State
    value: Value
    canonical: str
    dialect: str = ""
    repaired: str = ""
    problem: str = ""


EMPTY = Cell(State.EMPTY, None, "")


def invalid(text: str, problem: str, dialect: str = "") -> Cell:
    """A cell that could not be typed; its text is kept so that nothing is lost."""
    return Cell(State.INVALID, None, INVALID_MARK + text, dialect, problem=problem)


def sentinel(meaning: str) -> Cell:
    return Cell(State.SENTINEL, meaning, SENTINEL_MARK + meaning, "sentinel")
