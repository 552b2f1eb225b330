"""Types rows by the thousand: columns are looked up, not parsed again and again."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lodestock.feeds.domain.cells import Cell, ColumnReader, State
from lodestock.feeds.domain.cells.reading import remembered_per_column
from lodestock.feeds.domain.contract.model import Check, Column, Contract
from lodestock.feeds.domain.rows.batch import Batch, Problem
from lodestock.feeds.domain.rows.binding import Binding
from lodestock.feeds.domain.rows.conditions import RowRule
from lodestock.feeds.domain.rows.identity import joined
from lodestock.feeds.domain.source.reader import RawRow

BATCH_ROWS = 1_000
UNCLASSED = "unclassed"


class RowEngine:
    """Typed batches of one file under one contract. Holds no rows beyond the current batch."""

    def __init__(self, contract: Contract, binding: Binding) -> None:
        self.contract = contract
        self.binding = binding
        self.remembered = remembered_per_column(len(binding.columns))
        self.readers = {
            column.name: ColumnReader(
                column, pivot=contract.century_pivot, remembered=self.remembered
            )
            for column in binding.columns
        }
        self._rules = [RowRule(rule, self.readers) for rule in contract.classes]
        self._flags = [RowRule(rule, self.readers) for rule in contract.flags]
        self._required = [column for column in binding.columns if column.required]
        self._last_document: str | None = None

    def batches(self, rows: Iterable[RawRow], size: int = BATCH_ROWS) -> Iterator[Batch]:
        """Typed batches in file order."""
        iterator = iter(rows)
        while stretch := list(itertools.islice(iterator, size)):
            yield self.batch(stretch)

    def batch(self, stretch: Sequence[RawRow]) -> Batch:
        """One batch; lines that could not be split are set apart in ``broken``."""
        whole = [row for row in stretch if not row.problem]
        broken = [row for row in stretch if row.problem] if len(whole) < len(stretch) else []
        batch = self._columns(whole)
        batch.broken = broken
        if whole:
            self._identify(batch)
            self._classify(batch)
            self._find_problems(batch)
        return batch

    def _columns(self, rows: list[RawRow]) -> Batch:
        by_position = list(zip(*(row.cells for row in rows), strict=True))
        absent = [""] * len(rows)
        texts: dict[str, Sequence[str]] = {}
        for column in self.binding.columns:
            position = self.binding.positions.get(column.name)
            found = None if position is None or not rows else by_position[position]
            texts[column.name] = absent if found is None else found
        cells: dict[str, Sequence[Cell]] = {
            name: [reader[text] for text in texts[name]] for name, reader in self.readers.items()
        }
        return Batch(rows, texts, cells)

    def _identify(self, batch: Batch) -> None:
        canonical = {
            name: [cell.canonical for cell in column] for name, column in batch.cells.items()
        }
        identity = self.contract.identity
        batch.keys = joined([canonical[name] for name in identity.key])
        batch.contents = joined(list(canonical.values()))
        batch.heads = self._heads(canonical.get(identity.document), len(batch))

    def _heads(self, documents: list[str] | None, count: int) -> list[int]:
        if documents is None:
            return list(range(count))
        before = itertools.chain([self._last_document], documents)
        heads = [
            index
            for index, (last, this) in enumerate(zip(before, documents, strict=False))
            if last != this
        ]
        self._last_document = documents[-1]
        return heads

    def _classify(self, batch: Batch) -> None:
        classes = [UNCLASSED] * len(batch)
        for rule in reversed(self._rules):
            held = rule.answers(batch.texts, len(batch))
            classes = [
                rule.name if holds else before for holds, before in zip(held, classes, strict=True)
            ]
        batch.classes = classes
        batch.flags = {rule.name: rule.answers(batch.texts, len(batch)) for rule in self._flags}

    def _find_problems(self, batch: Batch) -> None:
        for column in self.binding.columns:
            _invalid_cells(batch, column)
        for column in self._required:
            _missing_values(batch, column)
        for check in self.contract.checks:
            if check.otherwise == "quarantine":
                _order(batch, check)
        if UNCLASSED in batch.classes:
            for index, name in enumerate(batch.classes):
                if name == UNCLASSED:
                    detail = "the row fits no class of the contract"
                    batch.add_problem(index, Problem("", "unclassed", detail))


def _invalid_cells(batch: Batch, column: Column) -> None:
    invalid = State.INVALID
    for index, cell in enumerate(batch.cells[column.name]):
        if cell.state is invalid:
            batch.add_problem(index, Problem(column.name, "invalid_cell", cell.problem))


def _missing_values(batch: Batch, column: Column) -> None:
    empty = State.EMPTY
    for index, cell in enumerate(batch.cells[column.name]):
        if cell.state is empty:
            detail = f"{column.header} is empty; every row needs it"
            batch.add_problem(index, Problem(column.name, "missing_value", detail))


def _order(batch: Batch, check: Check) -> None:
    for index, detail in order_breaches(batch.cells, check):
        batch.add_problem(index, Problem(check.later, check.name, detail))


def order_breaches(cells: Mapping[str, Sequence[Cell]], check: Check) -> Iterator[tuple[int, str]]:
    """Rows in which ``earlier`` lies after ``later``; rows without both dates cannot breach."""
    value = State.VALUE
    pairs = zip(cells[check.earlier], cells[check.later], strict=True)
    for index, (first, second) in enumerate(pairs):
        if first.state is value and second.state is value and first.canonical > second.canonical:
            yield (
                index,
                f"{check.earlier} {first.canonical} lies after {check.later} {second.canonical}",
            )
