"""The profile of one column in one file, or in all accepted files of a feed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from lodestock.feeds.domain.cells import Cell, State
from lodestock.feeds.domain.profile.numbers import NumberStats
from lodestock.feeds.domain.profile.shapes import cased_shape, shape_of, undoubled
from lodestock.feeds.domain.profile.tally import Tally

SHAPES_MAX = 120
VALUES_MAX = 300
DAYS_MAX = 5_000
INVALID_MAX = 500
INVALID_KEPT = 5


@dataclass(slots=True)
class ColumnProfile:
    """Facts about one column.

    ``states`` value/empty/invalid/pointer/sentinel:meaning · ``dialects`` spellings of dates and
    numbers, letter case of texts · ``shapes`` of texts · ``values`` all values while there are
    few (``many`` once there were too many) · ``numbers`` · ``days`` ordinal → rows ·
    ``backwards`` rows whose date lies before the row above · ``mixed`` of the ``within`` rows
    that continue a document differ from the row above · ``repaired`` cells a repair changed ·
    ``accented`` cells beyond ASCII, ``garbled`` of them encoded twice.
    """

    type: str
    rows: int = 0
    heads: int = 0
    states: Tally = field(default_factory=Tally)
    dialects: Tally = field(default_factory=Tally)
    shapes: Tally = field(default_factory=Tally)
    values: Tally = field(default_factory=Tally)
    many: bool = False
    numbers: NumberStats = field(default_factory=NumberStats)
    days: Counter[int] = field(default_factory=Counter)
    backwards: int = 0
    mixed: int = 0
    within: int = 0
    repaired: int = 0
    accented: int = 0
    garbled: int = 0
    invalid: Counter[str] = field(default_factory=Counter)
    header: str = ""

    def add(self, text: str, cell: Cell, rows: int, heads: int) -> None:
        """Counts one distinct text that stood in ``rows`` rows and ``heads`` first rows."""
        self.rows += rows
        self.heads += heads
        self.states.add(state_name(cell), rows, heads)
        if cell.state is State.INVALID:
            if len(self.invalid) < INVALID_MAX:
                self.invalid[text] += rows
        elif cell.state is State.VALUE:
            self._add_value(cell, rows, heads)

    def _add_value(self, cell: Cell, rows: int, heads: int) -> None:
        value = cell.value
        if cell.dialect:
            self.dialects.add(cell.dialect, rows, heads)
        if cell.repaired:
            self.repaired += rows
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            self.numbers.add(Decimal(value), cell.canonical, rows)
        elif isinstance(value, date):
            self.days[value.toordinal()] += rows
        else:
            self._add_text(cell.canonical, rows, heads)

    def _add_text(self, text: str, rows: int, heads: int) -> None:
        if not text.isascii():
            self.accented += rows
            self.garbled += rows if undoubled(text) is not None else 0
        shape = cased_shape(text) if self.type == "code" else shape_of(text)
        self.shapes.add(shape, rows, heads)
        if not self.many:
            self.values.add(text, rows, heads)
            self._close_values()

    def _close_values(self) -> None:
        if len(self.values) > VALUES_MAX:
            self.many = True
            self.values = Tally()

    def settle(self) -> None:
        """Bounds the size after counting; called between stretches of a long file."""
        self.shapes = self.shapes.trimmed(SHAPES_MAX)
        if len(self.days) > DAYS_MAX:
            self.days = by_month(self.days)

    @property
    def varies(self) -> bool:
        """Cells of one document differ from row to row, more often than not."""
        return self.mixed > self.within / 2 > 0

    def merge(self, other: ColumnProfile) -> None:
        """Adds another file's counts to this history."""
        for name in (
            "rows",
            "heads",
            "backwards",
            "mixed",
            "within",
            "repaired",
            "accented",
            "garbled",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("states", "dialects", "shapes"):
            getattr(self, name).merge(getattr(other, name))
        self.many = self.many or other.many
        self.values.merge({} if self.many else other.values)
        self.values = Tally() if self.many else self.values
        self._close_values()
        self.numbers.merge(other.numbers)
        self.days.update(other.days)
        self.header = other.header or self.header
        self.settle()

    def as_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "header": self.header,
            **{name: getattr(self, name) for name in _PLAIN},
            **{name: dict(getattr(self, name)) for name in _TALLIES},
            "invalid": dict(self.invalid.most_common(INVALID_KEPT)),
            "numbers": self.numbers.as_json(),
            "days": {str(day): n for day, n in sorted(self.days.items())},
        }

    @staticmethod
    def from_json(found: dict[str, Any]) -> ColumnProfile:
        profile = ColumnProfile(found["type"], header=found["header"])
        for name in _PLAIN:
            setattr(profile, name, found[name])
        for name in _TALLIES:
            setattr(profile, name, Tally.of(found[name]))
        profile.invalid = Counter(found["invalid"])
        profile.numbers = NumberStats.from_json(found["numbers"])
        profile.days = Counter({int(day): n for day, n in found["days"].items()})
        return profile


_PLAIN = (
    "rows",
    "heads",
    "many",
    "backwards",
    "mixed",
    "within",
    "repaired",
    "accented",
    "garbled",
)
_TALLIES = ("states", "dialects", "shapes", "values")


def state_name(cell: Cell) -> str:
    if cell.state is State.SENTINEL:
        return f"sentinel:{cell.value}"
    return cell.state.value


def by_month(days: Counter[int]) -> Counter[int]:
    """The same counts on the first of each month, for histories longer than a decade."""
    months: Counter[int] = Counter()
    for day, rows in days.items():
        months[date.fromordinal(day).replace(day=1).toordinal()] += rows
    return months
