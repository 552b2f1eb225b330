"""Rows of the log as ``StoredEvent``, in reading order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from lodestock.eventstore.models import Event
from lodestock.eventstore.types import StoredEvent

Pair = tuple[int, int]

_AFTER = """
SELECT p.position, p.event_id FROM eventstore_eventposition AS p
WHERE p.position > %s ORDER BY p.position LIMIT %s
"""


def positions_after(position: int, limit: int) -> list[Pair]:
    """The next ``(position, event key)`` pairs, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, [position, limit])
        pairs: list[Pair] = cursor.fetchall()
    return pairs


def of_types(pairs: Sequence[Pair], event_types: Collection[str]) -> list[Pair]:
    """Those of ``pairs`` whose event is of a named type (none named: all)."""
    if not event_types:
        return list(pairs)
    rows = Event.objects.filter(pk__in=[key for _, key in pairs], event_type__in=list(event_types))
    wanted = set(rows.values_list("pk", flat=True))
    return [pair for pair in pairs if pair[1] in wanted]


def load(pairs: Sequence[Pair]) -> list[StoredEvent]:
    """The events behind ``pairs``, in their order."""
    by_key = Event.objects.in_bulk([key for _, key in pairs])
    return [stored(by_key[key], place) for place, key in pairs]


def stored(row: Any, position: int | None) -> StoredEvent:
    """An event row as a value."""
    return StoredEvent(
        id=row.pk,
        event_id=row.event_id,
        aggregate_type=row.aggregate_type,
        aggregate_id=row.aggregate_id,
        seq=row.seq,
        event_type=row.event_type,
        schema_version=row.schema_version,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        payload=row.payload,
        actor_id=row.actor_id,
        site_id=row.site_id,
        correlation_id=row.correlation_id,
        causation_id=row.causation_id,
        idempotency_key=row.idempotency_key,
        position=position,
    )
