"""Builds the profile of a file while its rows stream past; bounded memory."""

from __future__ import annotations

from collections import Counter

from lodestock.feeds.domain.contract.model import Contract
from lodestock.feeds.domain.profile.column import ColumnProfile
from lodestock.feeds.domain.profile.file import FileProfile
from lodestock.feeds.domain.profile.relations import RelationCounter
from lodestock.feeds.domain.rows.batch import Batch
from lodestock.feeds.domain.rows.engine import RowEngine
from lodestock.feeds.domain.source.form import FileForm


class _Pending:
    """Texts of one column counted but not yet looked at."""

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter()
        self.heads: Counter[str] = Counter()


class Profiler:
    """Feed it every batch of a file, then ``finish``."""

    def __init__(self, contract: Contract, engine: RowEngine, form: FileForm) -> None:
        self._contract = contract
        self._engine = engine
        self._form = form
        self._columns = {
            column.name: ColumnProfile(column.type, header=engine.binding.header_of(column.name))
            for column in engine.binding.columns
            if column.name in engine.binding.positions
        }
        self._pending = {name: _Pending() for name in self._columns}
        self._relations = RelationCounter(contract)
        self._last_day: dict[str, str] = {}
        self._rows = self._heads = 0

    def add(self, batch: Batch) -> None:
        """Counts one batch (lines that could not be split into cells are not in it)."""
        if not len(batch):
            return
        self._rows += len(batch)
        self._heads += len(batch.heads)
        for name, pending in self._pending.items():
            texts = batch.texts[name]
            pending.rows.update(texts)
            pending.heads.update([texts[index] for index in batch.heads])
            if len(pending.rows) > self._engine.remembered:
                self._count(name)
        self._count_order(batch)
        self._count_mixed(batch)
        self._relations.add(batch.cells, batch.heads)

    def _count(self, name: str) -> None:
        pending, profile, reader = (
            self._pending[name],
            self._columns[name],
            self._engine.readers[name],
        )
        for text, rows in pending.rows.items():
            profile.add(text, reader[text], rows, pending.heads[text])
        profile.settle()
        pending.rows.clear()
        pending.heads.clear()

    def _count_order(self, batch: Batch) -> None:
        for name, profile in self._columns.items():
            if profile.type not in {"date", "datetime"}:
                continue
            days = [cell.canonical for cell in batch.cells[name] if cell.canonical[:1].isdigit()]
            if not days:
                continue
            before = [self._last_day.get(name, days[0]), *days[:-1]]
            profile.backwards += sum(a > b for a, b in zip(before, days, strict=True))
            self._last_day[name] = days[-1]

    def _count_mixed(self, batch: Batch) -> None:
        """Within runs of one document: how often does a column change from row to row?"""
        heads = set(batch.heads)
        inside = [index for index in range(1, len(batch)) if index not in heads]
        for name, profile in self._columns.items():
            texts = batch.texts[name]
            profile.within += len(inside)
            profile.mixed += sum(texts[index] != texts[index - 1] for index in inside)

    def finish(self) -> FileProfile:
        """The profile of everything added so far, as one file."""
        for name in self._columns:
            self._count(name)
        stated = self._form.stated()
        traits: dict[str, Counter[str]] = {
            trait: Counter([stated[trait]])
            for trait in ("encoding", "separator", "line_ends")
            if trait in stated
        }
        return FileProfile(
            form=self._engine.binding.form,
            files=1,
            rows=self._rows,
            heads=self._heads,
            traits=traits,
            headers=Counter(["\x1f".join(self._engine.binding.header)]),
            columns=self._columns,
            relations=self._relations.found,
            ascii_only=self._form.ascii_only,
        )
