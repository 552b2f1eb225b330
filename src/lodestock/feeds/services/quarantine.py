"""Puts rows aside with their original cells and the reason; nothing is dropped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.lifecycle import QuarantineStatus
from lodestock.feeds.domain.planning import REASONS, Fate
from lodestock.feeds.models import Import
from lodestock.kernel.db import transaction

from .knowledge import changed_columns, streaming

CHUNK = 2_000
_INSERT = """
INSERT INTO feeds_quarantinedrow (batch_id, row_number, line, status, code, field, reason, cells)
SELECT staged.batch_id, staged.row_number, staged.line, %(status)s, held.code, held.field,
       held.reason, to_jsonb(string_to_array(staged.cells, chr(31)))
FROM unnest(%(rows)s::bigint[], %(codes)s::text[], %(fields)s::text[], %(reasons)s::text[])
     AS held(row_number, code, field, reason)
JOIN feeds_stagedrow AS staged
  ON staged.batch_id = %(batch)s AND staged.row_number = held.row_number
ON CONFLICT (batch_id, row_number) DO UPDATE
SET status = excluded.status, code = excluded.code, field = excluded.field, reason = excluded.reason
WHERE feeds_quarantinedrow.status = 'held'
"""
_HOLD_ALL = """
INSERT INTO feeds_quarantinedrow (batch_id, row_number, line, status, code, field, reason, cells)
SELECT batch_id, row_number, line, 'held', 'drift', %(field)s, %(reason)s,
       to_jsonb(string_to_array(cells, chr(31)))
FROM feeds_stagedrow WHERE batch_id = %(batch)s
ON CONFLICT (batch_id, row_number) DO NOTHING
"""
_PROBLEMS = (
    "SELECT row_number, problem FROM feeds_stagedrow WHERE batch_id = %s AND problem IS NOT NULL"
)
_CHANGED = """
SELECT planned.row_number, planned.fate, staged.content, old.content
FROM feeds_plannedrow AS planned
JOIN feeds_stagedrow AS staged
  ON (staged.batch_id, staged.row_number) = (planned.batch_id, planned.row_number)
LEFT JOIN LATERAL (
    SELECT kept.content FROM feeds_feedrow AS kept
    WHERE kept.feed_id = %(feed)s AND kept.key_hash = staged.key_hash
    ORDER BY kept.place = planned.occurrence DESC, kept.id DESC LIMIT 1) AS old ON true
WHERE planned.batch_id = %(batch)s AND planned.fate = ANY(%(fates)s)
"""


_AT_FAULT = """
SELECT staged.line, staged.problem, planned.fate
FROM feeds_stagedrow AS staged
LEFT JOIN feeds_plannedrow AS planned
  ON (planned.batch_id, planned.row_number) = (staged.batch_id, staged.row_number)
WHERE staged.batch_id = %(batch)s
  AND (staged.problem IS NOT NULL OR planned.fate = ANY(%(fates)s))
ORDER BY staged.row_number LIMIT %(most)s
"""
SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class Hold:
    """One row to be put aside: ``field`` is "" when the whole row is at fault."""

    row: int
    code: str
    field: str
    reason: str


def quarantine(batch: Import, holds: Iterable[Hold]) -> int:
    """Put staged rows aside; those already aside stay as they are. Returns how many are new."""
    held, count = list(holds), 0
    for start in range(0, len(held), CHUNK):
        some = held[start : start + CHUNK]
        with connection.cursor() as cursor:
            cursor.execute(
                _INSERT,
                {
                    "batch": batch.pk,
                    "status": QuarantineStatus.OPEN.value,
                    "rows": [one.row for one in some],
                    "codes": [one.code[:63] for one in some],
                    "fields": [one.field for one in some],
                    "reasons": [one.reason for one in some],
                },
            )
            count += cursor.rowcount
    return count


def hold_whole_file(batch: Import, *, field: str, reason: str) -> None:
    """Every row of the file waits for the decision on its drift report."""
    with transaction(), connection.cursor() as cursor:
        cursor.execute(_HOLD_ALL, {"batch": batch.pk, "field": field, "reason": reason})


def quarantine_unreadable(batch: Import) -> int:
    """Rows with cells that could not be typed, or that break a rule of the contract."""
    count = 0
    with streaming(_PROBLEMS, [batch.pk]) as rows:
        holds: list[Hold] = []
        for number, text in rows:
            problems = json.loads(text)
            column, code, _ = problems[0]
            holds.append(Hold(number, code, column, _told(problems)))
            if len(holds) >= CHUNK:
                count += quarantine(batch, holds)
                holds = []
        return count + quarantine(batch, holds)


def _told(problems: list[tuple[str, str, str]]) -> str:
    return "; ".join(f"{column}: {detail}" if column else detail for column, _, detail in problems)


def would_be_held(batch: Import) -> list[dict[str, Any]]:
    """The first rows a dry run found fault with: where they stand in the file, and why."""
    fates = [fate.value for fate in REASONS]
    with connection.cursor() as cursor:
        cursor.execute(_AT_FAULT, {"batch": batch.pk, "fates": fates, "most": SHOWN_MAX})
        found = cursor.fetchall()
    return [
        {"line": line, "reason": _told(json.loads(problem)) if problem else REASONS[Fate(fate)]}
        for line, problem, fate in found
    ]


def quarantine_by_fate(batch: Import, contract: Contract, dangling: dict[int, str]) -> int:
    """Rows that are readable but contradict what is known, each with old and new content."""
    fates = [Fate.CHANGED.value, Fate.CLASHING.value, Fate.DANGLING.value]
    given = {"batch": batch.pk, "feed": batch.feed_id, "fates": fates}
    holds: list[Hold] = []
    with streaming(_CHANGED, given) as rows:
        for number, fate, content, old in rows:
            reason = REASONS[Fate(fate)]
            if fate == Fate.CHANGED and old is not None:
                reason += ": " + "; ".join(changed_columns(contract, content, old))
            holds.append(Hold(number, f"row_{fate}", "", dangling.get(number, reason)))
    return quarantine(batch, holds)
