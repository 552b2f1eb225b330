"""First pass: the raw file becomes typed rows in the staging table, and a profile."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection

from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.profile import FileProfile, Profiler
from lodestock.feeds.domain.rows import Batch, Binding, RowEngine, bind, content_hash, key_hash
from lodestock.feeds.domain.rows.identity import JOINT
from lodestock.feeds.domain.source import FileForm, RawRow, open_source, sniff
from lodestock.feeds.errors import WrongFile
from lodestock.feeds.models import Import
from lodestock.kernel.db import transaction

from .raw_store import raw_path

ROWS_PER_COPY = 20_000
KNOWN_SHARE_MIN = 0.4
_COPY = """
COPY feeds_stagedrow (batch_id, row_number, line, key_hash, content_hash, row_class, document,
                      moment, content, cells, problem)
FROM STDIN (FORMAT csv, FORCE_NULL (problem))
"""


@dataclass(slots=True)
class Staged:
    """What the first pass found. Counts are rows."""

    form: FileForm
    binding: Binding
    profile: FileProfile
    received: int = 0
    blank: int = 0
    problems: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)

    def repairs(self) -> dict[str, int]:
        """Column → cells whose declared misreading was undone."""
        found = self.profile.columns.items()
        return {name: column.repaired for name, column in found if column.repaired}


def stage(batch: Import, contract: Contract) -> Staged:
    """Parse the import's raw file into the staging table, a stretch of rows per transaction.

    Raises ``UnreadableFile``, ``FileTooLarge`` or ``WrongFile``; rows staged so far are left to
    ``clear_staging``.
    """
    path = raw_path(batch.raw_file)
    where = contract.format
    form = sniff(path).placed(sheet=where.sheet, header_row=where.header_row)
    with open_source(path, form) as source:
        binding = bind(contract, source.header)
        _refuse_wrong_file(binding, contract)
        engine = RowEngine(contract, binding)
        profiler = Profiler(contract, engine, form)
        staged = Staged(form, binding, FileProfile(binding.form))
        batches = _watched(engine.batches(source.rows, engine.remembered), profiler, staged)
        while _copy_stretch(batch.pk, contract, batches) >= ROWS_PER_COPY:
            pass
    staged.profile = profiler.finish()
    return staged


def _refuse_wrong_file(binding: Binding, contract: Contract) -> None:
    if binding.share_found < KNOWN_SHARE_MIN:
        found = ", ".join(binding.header[:8])
        wanted = ", ".join(column.header for column in contract.columns[:8])
        raise WrongFile(
            f"Only {len(binding.positions)} of {len(contract.columns)} columns of {contract.name} "
            f"are in this file. It begins: {found}. Expected: {wanted}. "
            "Choose the right contract, or send the file with its header line."
        )


def _watched(batches: Iterable[Batch], profiler: Profiler, staged: Staged) -> Iterator[Batch]:
    """The batches as they pass, profiled and counted."""
    for one in batches:
        profiler.add(one)
        _count(staged, one)
        yield one


def _count(staged: Staged, batch: Batch) -> None:
    staged.received += len(batch) + len(batch.broken)
    staged.problems += len(batch.problems) + len(batch.broken)
    staged.classes.update(batch.classes)
    for name, answers in batch.flags.items():
        staged.flags[name] += sum(answers)


def _copy_stretch(batch_id: int, contract: Contract, batches: Iterator[Batch]) -> int:
    """Copy rows in one transaction until enough have come; returns how many.

    Transactions stay short so that readers of events are not held up; one batch is in memory.
    """
    count = 0
    with transaction(), connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for batch in batches:
            copy.write(_as_csv(batch_id, contract, batch))
            count += len(batch) + len(batch.broken)
            if count >= ROWS_PER_COPY:
                break
    return count


def _as_csv(batch_id: int, contract: Contract, batch: Batch) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows(_records(batch_id, contract, batch))
    writer.writerows(_broken_records(batch_id, batch.broken))
    return text.getvalue().replace("\x00", "\ufffd")


def _records(batch_id: int, contract: Contract, batch: Batch) -> Iterator[tuple[object, ...]]:
    identity = contract.identity
    empty = [""] * len(batch)
    documents = (
        [cell.canonical for cell in batch.cells[identity.document]]
        if identity.document
        else batch.keys
    )
    moments = (
        [cell.canonical if cell.problem == "" else "" for cell in batch.cells[identity.date]]
        if identity.date
        else empty
    )
    rows = zip(
        batch.rows, batch.keys, batch.contents, batch.classes, documents, moments, strict=True
    )
    for index, (row, key, content, row_class, document, moment) in enumerate(rows):
        problems = batch.problems.get(index)
        yield (
            batch_id,
            row.number,
            row.line,
            "\\x" + key_hash(key).hex(),
            "\\x" + content_hash(content).hex(),
            row_class,
            document,
            moment,
            content,
            JOINT.join(row.cells),
            json.dumps(problems) if problems else "",
        )


def _broken_records(batch_id: int, rows: Iterable[RawRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        digest = "\\x" + key_hash(f"\x00{row.number}").hex()
        problem = json.dumps([("", "broken_line", row.problem)])
        cells = JOINT.join(row.cells)
        yield (batch_id, row.number, row.line, digest, digest, "", "", "", "", cells, problem)


def copy_batch(batch_id: int, contract: Contract, batch: Batch) -> None:
    """Stage one batch of typed rows by itself."""
    _copy_stretch(batch_id, contract, iter([batch]))


def clear_staging(batch_id: int) -> None:
    """Remove the staged and planned rows of an import; they can be parsed again."""
    for table in ("feeds_plannedrow", "feeds_stagedrow"):
        with transaction(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE batch_id = %s", [batch_id])  # noqa: S608
