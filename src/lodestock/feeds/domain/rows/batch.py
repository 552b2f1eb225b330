"""A few thousand typed rows, kept by column because that is how they are read fastest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lodestock.feeds.domain.cells import Cell
from lodestock.feeds.domain.source.reader import RawRow


class Problem(NamedTuple):
    """Why a row cannot be taken as it is. ``column`` is "" when the whole line is at fault."""

    column: str
    code: str
    detail: str


@dataclass(slots=True)
class Batch:
    """Rows of one stretch of a file. All sequences have the same length and order.

    ``texts`` and ``cells`` are per column; ``keys`` and ``contents`` are canonical texts;
    ``heads`` are the positions at which a new document begins. ``broken`` are lines that could
    not be split into cells; they are in none of the sequences.
    """

    rows: list[RawRow]
    texts: Mapping[str, Sequence[str]]
    cells: Mapping[str, Sequence[Cell]]
    keys: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    flags: dict[str, list[bool]] = field(default_factory=dict)
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    heads: list[int] = field(default_factory=list)
    broken: list[RawRow] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def add_problem(self, index: int, problem: Problem) -> None:
        self.problems.setdefault(index, []).append(problem)
