"""Everything a drift rule may look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lodestock.feeds.domain.contract.model import Column, Contract
from lodestock.feeds.domain.profile import ColumnProfile, FileProfile
from lodestock.feeds.domain.rows.binding import Binding
from lodestock.feeds.domain.source.form import FileForm

HISTORY_ROWS_MIN = 30
"""Below this many rows of history nothing is known about what is usual."""


@dataclass(frozen=True, slots=True)
class KnownChange:
    """A row of the file whose key is known with another content in one column."""

    row: int
    key: str
    old: str
    new: str


@dataclass(slots=True)
class KnownRows:
    """How the file's rows meet the rows this feed has brought before.

    ``known`` rows have a key seen before, ``changed`` of them differ; ``by_column`` counts the
    differences per column with samples. ``documents`` were seen before, ``moved`` of them under
    another date (more than a day apart).
    """

    known: int = 0
    changed: int = 0
    by_column: dict[str, int] = field(default_factory=dict)
    samples: dict[str, Sequence[KnownChange]] = field(default_factory=dict)
    documents: int = 0
    moved: int = 0
    moved_samples: Sequence[KnownChange] = ()


@dataclass(slots=True)
class Comparison:
    """``old`` is the history of the same form, ``pooled`` of all forms of the feed; both None
    for a feed's first file."""

    contract: Contract
    binding: Binding
    form: FileForm
    new: FileProfile
    old: FileProfile | None = None
    pooled: FileProfile | None = None
    known: KnownRows = field(default_factory=KnownRows)

    def binding_column(self, name: str) -> Column:
        """The column as the file's form reads it."""
        return next(column for column in self.binding.columns if column.name == name)

    def columns(self) -> Iterator[tuple[Column, ColumnProfile, ColumnProfile]]:
        """(column, new, old) of the same form, for columns in both with enough history."""
        yield from self._pairs(self.old)

    def columns_of_all_forms(self) -> Iterator[tuple[Column, ColumnProfile, ColumnProfile]]:
        """As ``columns``, against the history of all forms: for meanings, not for spellings."""
        yield from self._pairs(self.pooled)

    def _pairs(
        self, history: FileProfile | None
    ) -> Iterator[tuple[Column, ColumnProfile, ColumnProfile]]:
        if history is None:
            return
        for column in self.binding.columns:
            new, old = self.new.columns.get(column.name), history.columns.get(column.name)
            if new is not None and old is not None and old.rows >= HISTORY_ROWS_MIN and new.rows:
                yield column, new, old
