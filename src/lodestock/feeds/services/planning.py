"""Decides, in SQL, what is to happen to each staged row: memory stays flat however long the file.

Occurrence counters and the index of known rows live in PostgreSQL: a dictionary of keys would
grow with the file, and staged rows outlive a crash.
"""

from __future__ import annotations

from collections import Counter

from django.db import connection

from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.planning import Fate
from lodestock.feeds.models import Import
from lodestock.kernel.db import transaction

_PLAN = """
INSERT INTO feeds_plannedrow (batch_id, row_number, seq, occurrence, place, fate)
WITH staged AS (
    SELECT row_number, key_hash, content_hash, document, moment,
           row_number() OVER same AS occurrence,
           row_number() OVER (PARTITION BY key_hash ORDER BY row_number) AS within_key,
           first_value(content_hash) OVER (PARTITION BY key_hash ORDER BY row_number) AS first_hash,
           min(nullif(moment, '')) OVER (PARTITION BY document) AS document_moment,
           min(row_number) OVER (PARTITION BY document) AS document_row
    FROM feeds_stagedrow WHERE batch_id = %(batch)s AND problem IS NULL
    WINDOW same AS (PARTITION BY key_hash, content_hash ORDER BY row_number)
), known AS (
    SELECT kept.key_hash, max(kept.place) AS place,
           -- A known row this file does not repeat: one of the file's rows may be its new content.
           count(*) FILTER (WHERE twin.row_number IS NULL) AS missing
    FROM feeds_feedrow AS kept
    LEFT JOIN staged AS twin ON (twin.key_hash, twin.content_hash, twin.occurrence)
                              = (kept.key_hash, kept.content_hash, kept.occurrence)
    WHERE kept.feed_id = %(feed)s AND kept.key_hash IN (SELECT key_hash FROM staged)
    GROUP BY kept.key_hash
), judged AS (
    SELECT staged.*, coalesce(known.place, 0) AS known_place,
           CASE WHEN kept.id IS NOT NULL THEN 'unchanged'
                WHEN %(unique)s AND within_key > 1 AND staged.content_hash = first_hash
                    THEN 'repeated'
                WHEN %(unique)s AND within_key > 1 THEN 'clashing'
                WHEN known.missing > 0 THEN 'changed'
                ELSE 'new' END AS fate
    FROM staged
    LEFT JOIN known USING (key_hash)
    LEFT JOIN feeds_feedrow AS kept
           ON kept.feed_id = %(feed)s AND kept.key_hash = staged.key_hash
          AND kept.content_hash = staged.content_hash AND kept.occurrence = staged.occurrence
)
SELECT %(batch)s, row_number,
       CASE WHEN fate = 'new' THEN row_number() OVER (
           PARTITION BY fate = 'new'
           ORDER BY document_moment NULLS FIRST, document_row, document, row_number) ELSE 0 END,
       occurrence,
       known_place + row_number() OVER (PARTITION BY key_hash, fate = 'new' ORDER BY row_number),
       fate
FROM judged
"""

_COUNT = "SELECT fate, count(*) FROM feeds_plannedrow WHERE batch_id = %s GROUP BY fate"
_ORDERED = "SELECT coalesce(max(seq), 0) FROM feeds_plannedrow WHERE batch_id = %s"
_REPEATS = """
SELECT count(*) FROM feeds_plannedrow WHERE batch_id = %s AND occurrence > 1
"""


def plan(batch: Import, contract: Contract) -> None:
    """Write the plan of an import whose rows are staged; an earlier plan must be gone."""
    given = {
        "batch": batch.pk,
        "feed": batch.feed_id,
        "unique": contract.identity.repeats == "refuse",
    }
    with transaction(), connection.cursor() as cursor:
        # The planner cannot know how many rows a window brings; looping over them is quadratic.
        # Put back at once: a longer transaction around us must not inherit it.
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        cursor.execute(_PLAN, given)
        cursor.execute("SET LOCAL enable_nestloop = DEFAULT; SET LOCAL jit = DEFAULT")


def fates(batch: Import) -> Counter[Fate]:
    """How many rows have which fate."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [batch.pk])
        return Counter({Fate(fate): count for fate, count in cursor.fetchall()})


def repeats(batch: Import) -> int:
    """Rows that are equal to an earlier row of the file."""
    with connection.cursor() as cursor:
        cursor.execute(_REPEATS, [batch.pk])
        return int(cursor.fetchone()[0])


def last_place(batch: Import) -> int:
    """The last place in the order of application."""
    with connection.cursor() as cursor:
        cursor.execute(_ORDERED, [batch.pk])
        return int(cursor.fetchone()[0])


def set_dangling(batch: Import, row_numbers: list[int]) -> None:
    """Rows whose pointer leads nowhere are not applied."""
    if not row_numbers:
        return
    with transaction(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feeds_plannedrow SET fate = 'dangling', seq = 0"
            " WHERE batch_id = %s AND row_number = ANY(%s) AND fate = 'new'",
            [batch.pk, row_numbers],
        )
