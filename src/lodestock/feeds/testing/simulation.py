"""A feed in memory: sniff, type, profile and compare exactly as the importer does, no database.

Known rows are kept in dictionaries here; the importer keeps them in PostgreSQL.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.drift import Comparison, Finding, KnownChange, KnownRows, compare
from lodestock.feeds.domain.profile import FileProfile, Profiler
from lodestock.feeds.domain.rows import Batch, RowEngine, bind, split_content
from lodestock.feeds.domain.source import open_source, sniff


@dataclass(slots=True)
class Outcome:
    """What became of one file."""

    findings: list[Finding]
    profile: FileProfile
    rows: int = 0
    quarantined: int = 0

    @property
    def stopped(self) -> bool:
        return any(finding.severity == "breaking" for finding in self.findings)


@dataclass(slots=True)
class SimulatedFeed:
    """One feed's history and known rows. ``offer`` a file; accepted files become history."""

    contract: Contract
    histories: dict[str, FileProfile] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    documents: dict[str, str] = field(default_factory=dict)

    def offer_bytes(self, data: bytes, *, learn: bool = True) -> Outcome:
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.write(data)
            file.flush()
            return self.offer(Path(file.name), learn=learn)

    def offer(self, path: Path, *, learn: bool = True) -> Outcome:
        """Judges the file; learns from it when it is not stopped and ``learn``."""
        form = sniff(path)
        with open_source(path, form) as source:
            binding = bind(self.contract, source.header)
            engine = RowEngine(self.contract, binding)
            profiler = Profiler(self.contract, engine, form)
            batches = []
            for batch in engine.batches(source.rows):
                profiler.add(batch)
                batches.append(batch)
        profile = profiler.finish()
        pooled = FileProfile("")
        for history in self.histories.values():
            pooled.merge(history)
        findings = compare(
            Comparison(
                contract=self.contract,
                binding=binding,
                form=form,
                new=profile,
                old=self.histories.get(binding.form),
                pooled=pooled if self.histories else None,
                known=self._known(batches),
            )
        )
        outcome = Outcome(findings, profile, profile.rows, sum(len(b.problems) for b in batches))
        if learn and not outcome.stopped:
            self._learn(profile, batches)
        return outcome

    def _known(self, batches: list[Batch]) -> KnownRows:
        known, samples = KnownRows(), defaultdict[str, list[KnownChange]](list)
        counts: Counter[str] = Counter()
        documents: dict[str, KnownChange] = {}
        names = self.contract.column_names
        for batch in batches:
            for row, key, content in zip(batch.rows, batch.keys, batch.contents, strict=True):
                before = self.rows.get(key)
                if before is None:
                    continue
                known.known += 1
                if content not in before:
                    known.changed += 1
                    old, new = split_content(before[0], names), split_content(content, names)
                    for name in names:
                        if old[name] != new[name]:
                            counts[name] += 1
                            change = KnownChange(row.number, key, old[name], new[name])
                            samples[name].append(change)
            self._moved(batch, documents)
        known.by_column, known.samples = dict(counts), dict(samples)
        known.documents = len(documents)
        moved = [change for change in documents.values() if change.old[:10] != change.new[:10]]
        known.moved, known.moved_samples = len(moved), moved[:5]
        return known

    def _moved(self, batch: Batch, documents: dict[str, KnownChange]) -> None:
        identity = self.contract.identity
        if not (identity.document and identity.date):
            return
        pairs = zip(batch.cells[identity.document], batch.cells[identity.date], strict=True)
        for row, (number, moment) in zip(batch.rows, pairs, strict=True):
            old = self.documents.get(number.canonical)
            if old is not None and number.canonical not in documents:
                documents[number.canonical] = KnownChange(
                    row.number, number.canonical, old, moment.canonical
                )

    def _learn(self, profile: FileProfile, batches: list[Batch]) -> None:
        identity = self.contract.identity
        self.histories.setdefault(profile.form, FileProfile(profile.form)).merge(profile)
        for batch in batches:
            for key, content in zip(batch.keys, batch.contents, strict=True):
                self.rows[key].append(content)
            if identity.document and identity.date:
                for number, moment in zip(
                    batch.cells[identity.document], batch.cells[identity.date], strict=True
                ):
                    self.documents[number.canonical] = moment.canonical
