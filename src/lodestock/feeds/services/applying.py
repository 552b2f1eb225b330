"""Second pass: planned rows become documents, a few thousand lines per transaction.

The records an applier writes, the index of known rows, the quarantine and the place reached are
committed together: after a crash the next run goes on behind the last place, nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from lodestock.feeds import ports
from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.mapping import MappedRow, Mapper
from lodestock.feeds.domain.rows import split_content
from lodestock.feeds.domain.rows.identity import JOINT
from lodestock.feeds.models import Import
from lodestock.feeds.types import RowFate, RowResult
from lodestock.kernel.db import transaction

from .quarantine import Hold, quarantine
from .runs import keep_tally, run_of

CHUNK_CELLS = 20_000
"""Cells of one chunk: wide rows make big documents, so fewer of them go together."""
CHUNK_ROWS_MAX = 2_000
_CHUNK = """
SELECT planned.seq, staged.row_number, staged.row_class, staged.document, staged.content,
       encode(staged.key_hash, 'hex'), planned.place
FROM feeds_plannedrow AS planned
JOIN feeds_stagedrow AS staged
  ON (staged.batch_id, staged.row_number) = (planned.batch_id, planned.row_number)
WHERE planned.batch_id = %s AND planned.seq > %s AND planned.seq <= %s
ORDER BY planned.seq
"""
_REMEMBER = """
INSERT INTO feeds_feedrow (feed_id, batch_id, row_number, key_hash, content_hash, occurrence, place,
                           document, moment, content, flag)
SELECT %(feed)s, %(batch)s, staged.row_number, staged.key_hash, staged.content_hash,
       planned.occurrence, planned.place, staged.document, staged.moment, staged.content,
       coalesce(flagged.flag, '')
FROM feeds_plannedrow AS planned
JOIN feeds_stagedrow AS staged
  ON (staged.batch_id, staged.row_number) = (planned.batch_id, planned.row_number)
LEFT JOIN unnest(%(flagged_rows)s::bigint[], %(flags)s::text[]) AS flagged(row_number, flag)
  ON flagged.row_number = staged.row_number
WHERE planned.batch_id = %(batch)s AND planned.seq > %(after)s AND planned.seq <= %(through)s
  AND staged.row_number <> ALL(%(held)s::bigint[])
"""
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Chunk:
    """Whole documents between two places of the plan."""

    after: int
    through: int
    rows: list[MappedRow] = field(default_factory=list)


def apply_planned(batch: Import, contract: Contract, progress: Progress) -> dict[str, Any]:
    """Apply what is planned and not yet in. Returns what the applier adds to the answer."""
    applier, mapper = ports.new_applier(), Mapper(contract)
    run = run_of(batch, contract, mapper)
    with transaction():
        applier.begin(run)
        keep_tally(batch, run)
        batch.save()
    while chunk := _next_chunk(batch, contract, mapper):
        with transaction():
            results = applier.apply(run, mapper.documents(chunk.rows))
            _record(batch, chunk, results, run)
        progress(batch.applied_through, batch.planned)
    return dict(applier.finish(run))


def _next_chunk(batch: Import, contract: Contract, mapper: Mapper) -> _Chunk | None:
    """The next rows, cut between two documents; one long document is taken whole."""
    size = max(1, min(CHUNK_ROWS_MAX, CHUNK_CELLS // len(contract.columns)))
    while batch.applied_through < batch.planned:
        after = batch.applied_through
        found = _fetch(batch.pk, after, after + size)
        last = found[-1][3]
        whole = [row for row in found if row[3] != last]
        if after + size >= batch.planned:
            whole = found
        if whole:
            return _Chunk(after, whole[-1][0], [_mapped(row, contract, mapper) for row in whole])
        size *= 2
    return None


def _fetch(batch_id: int, after: int, through: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_CHUNK, [batch_id, after, through])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _mapped(row: tuple[Any, ...], contract: Contract, mapper: Mapper) -> MappedRow:
    _, number, row_class, _, content, key_hex, place = row
    key = line_key(contract, content, key_hex, place)
    return MappedRow(number, row_class, key, mapper.cells(content))


def line_key(contract: Contract, content: str, key_hex: str, place: int) -> str:
    """The name of a line for ever: its own key where that is unique, else a digest and a place."""
    if contract.identity.repeats == "refuse":
        cells = split_content(content, contract.column_names)
        return JOINT.join(cells[name] for name in contract.identity.key).replace(JOINT, "|")
    return f"{key_hex[:20]}-{place}"


def _record(
    batch: Import, chunk: _Chunk, results: Sequence[RowResult], run: ports.ImportRun
) -> None:
    """Write what became of each row of a chunk and move the import's counts and place."""
    answered = {result.row: result for result in results}
    missing = [row.number for row in chunk.rows if row.number not in answered]
    if missing:
        raise RuntimeError(f"the applier gave no answer for rows {missing[:5]} of {batch}")
    held = [result for result in results if result.fate is RowFate.QUARANTINED]
    remember(batch, chunk.after, chunk.through, answered.values(), held)
    quarantine(batch, [Hold(one.row, one.code or "refused", "", one.reason) for one in held])
    unchanged = sum(result.fate is RowFate.UNCHANGED for result in answered.values())
    batch.applied += len(answered) - len(held) - unchanged
    batch.unchanged += unchanged
    batch.quarantined += len(held)
    batch.applied_through = chunk.through
    keep_tally(batch, run)
    _count_flags(batch, answered.values())
    batch.save()


def _count_flags(batch: Import, results: Iterable[RowResult]) -> None:
    flags = batch.answer.setdefault("flags", {})
    for result in results:
        if result.flag:
            flags[result.flag] = flags.get(result.flag, 0) + 1


def remember(
    batch: Import,
    after: int,
    through: int,
    answered: Iterable[RowResult],
    held: Sequence[RowResult],
) -> None:
    """Add the rows of a stretch of the plan to the index of known rows, but not the held ones."""
    flagged = [result for result in answered if result.flag]
    with connection.cursor() as cursor:
        cursor.execute(
            _REMEMBER,
            {
                "feed": batch.feed_id,
                "batch": batch.pk,
                "after": after,
                "through": through,
                "held": [result.row for result in held],
                "flagged_rows": [result.row for result in flagged],
                "flags": [result.flag for result in flagged],
            },
        )
