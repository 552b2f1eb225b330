"""How a staged file meets what its feed has told before: changed rows, moved documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.drift import KnownChange, KnownRows
from lodestock.feeds.domain.rows import split_content
from lodestock.feeds.models import Import

SAMPLES_MAX = 20
_KNOWN = """
SELECT count(*) FROM feeds_stagedrow AS staged
WHERE batch_id = %(batch)s AND problem IS NULL AND EXISTS (
    SELECT 1 FROM feeds_feedrow AS kept
    WHERE kept.feed_id = %(feed)s AND kept.key_hash = staged.key_hash)
"""
_CHANGED = """
SELECT staged.row_number, staged.content, old.content
FROM feeds_plannedrow AS planned
JOIN feeds_stagedrow AS staged
  ON (staged.batch_id, staged.row_number) = (planned.batch_id, planned.row_number)
JOIN LATERAL (
    SELECT kept.content FROM feeds_feedrow AS kept
    WHERE kept.feed_id = %(feed)s AND kept.key_hash = staged.key_hash
    ORDER BY kept.place = planned.occurrence DESC, kept.id DESC LIMIT 1) AS old ON true
WHERE planned.batch_id = %(batch)s AND planned.fate = 'changed'
"""
_DOCUMENTS = """
WITH mine AS (
    SELECT document, min(moment) AS moment, min(row_number) AS row_number
    FROM feeds_stagedrow WHERE batch_id = %(batch)s AND moment <> '' AND problem IS NULL
    GROUP BY document
), before AS (
    SELECT document, min(moment) AS first, max(moment) AS last
    FROM feeds_feedrow
    WHERE feed_id = %(feed)s AND moment <> '' AND document IN (SELECT document FROM mine)
    GROUP BY document
)
SELECT mine.row_number, document, before.first, mine.moment,
       left(mine.moment, 10)::date NOT BETWEEN left(before.first, 10)::date - 1
                                           AND left(before.last, 10)::date + 1
FROM mine JOIN before USING (document)
"""


def known_rows(batch: Import, contract: Contract) -> KnownRows:
    """Counts and samples for the drift rules. Rows stream past; only counts are kept."""
    known = KnownRows()
    given = {"batch": batch.pk, "feed": batch.feed_id}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, given)
        known.known = int(cursor.fetchone()[0])
    if known.known:
        _changes(known, given, contract)
    if contract.identity.date:
        _documents(known, given)
    return known


def _changes(known: KnownRows, given: dict[str, Any], contract: Contract) -> None:
    names, counts = contract.column_names, Counter[str]()
    samples: dict[str, list[KnownChange]] = {}
    key = contract.identity.key
    with streaming(_CHANGED, given) as rows:
        for number, new_content, old_content in rows:
            known.changed += 1
            new, old = split_content(new_content, names), split_content(old_content, names)
            for name in names:
                if new[name] != old[name]:
                    counts[name] += 1
                    some = samples.setdefault(name, [])
                    if len(some) < SAMPLES_MAX:
                        label = " ".join(new[part] for part in key)
                        some.append(KnownChange(number, label, old[name], new[name]))
    known.by_column, known.samples = dict(counts), dict(samples)


def _documents(known: KnownRows, given: dict[str, Any]) -> None:
    samples: list[KnownChange] = []
    with streaming(_DOCUMENTS, given) as rows:
        for number, document, old, new, moved in rows:
            known.documents += 1
            known.moved += bool(moved)
            if moved and len(samples) < SAMPLES_MAX:
                samples.append(KnownChange(number, document, old, new))
    known.moved_samples = samples


@contextmanager
def streaming(sql: str, given: Any, *, size: int = 2_000) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Rows of a query through a server-side cursor: memory does not grow with the answer."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, given)

        def rows() -> Iterator[tuple[Any, ...]]:
            while part := cursor.fetchmany(size):
                yield from part

        yield rows()


def changed_columns(contract: Contract, new_content: str, old_content: str) -> list[str]:
    """``column: old → new`` for every difference between two canonical rows."""
    names = contract.column_names
    new, old = split_content(new_content, names), split_content(old_content, names)
    return [
        f"{name}: {old[name] or '(empty)'} → {new[name] or '(empty)'}"
        for name in names
        if new[name] != old[name]
    ]
