"""Questions to the event log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Q

from lodestock.kernel.ids import encode

from .models import Checkpoint, Event, EventPosition, IdempotencyKey, ParkedEvent
from .subscriptions.reading import stored
from .subscriptions.registry import after_commit_subscriptions
from .types import StoredEvent

_WAITING = """
SELECT count(*), coalesce(extract(epoch FROM statement_timestamp() - min(recorded_at)), 0)::float8
FROM (SELECT e.recorded_at FROM eventstore_event AS e, eventstore_sequencerstate AS s
      WHERE (e.txid, e.id) > (s.cursor_txid, s.cursor_event_id) AND e.id > s.fence_id
      ORDER BY e.txid, e.id LIMIT %s) AS unplaced
"""

_HOLDING = """
SELECT a.pid, a.datname, coalesce(a.application_name, ''),
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8
FROM pg_stat_activity AS a
WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid() AND a.datname = current_database()
ORDER BY a.xact_start LIMIT 1
"""

_OLDEST_UNREAD = """
SELECT extract(epoch FROM statement_timestamp() - e.recorded_at)::float8
FROM eventstore_eventposition AS p JOIN eventstore_event AS e ON e.id = p.event_id
WHERE p.position > %s ORDER BY p.position LIMIT 1
"""

COUNTED_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Horizon:
    """Events that have no position yet, and who holds them back.

    ``oldest_seconds``: age of the oldest; 0 when there is none. ``holder``: the oldest open
    write transaction of this database, in words, or empty. ``unplaced`` stops at 10,000.
    """

    unplaced: int
    oldest_seconds: float
    holder: str


@dataclass(frozen=True, slots=True)
class SubscriptionStatus:
    """Where one subscriber stands.

    ``behind``: positions not yet dealt with, interesting or not. ``behind_seconds``: age of the
    oldest of them. ``waiting`` and ``dead``: parked events to be retried, and given up.
    """

    name: str
    position: int
    behind: int
    behind_seconds: float
    waiting: int
    dead: int


def horizon() -> Horizon:
    """How far the sequencer is behind the log."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [COUNTED_AT_MOST])
        unplaced, seconds = cursor.fetchone()
        holder = ""
        if unplaced:
            cursor.execute(_HOLDING)
            holder = _in_words(cursor.fetchone())
    return Horizon(unplaced, max(seconds, 0.0), holder)


def last_position() -> int:
    """The newest position; 0 when nothing was sequenced yet."""
    return EventPosition.objects.aggregate(newest=Max("position"))["newest"] or 0


def subscription_status() -> list[SubscriptionStatus]:
    """Every after-commit subscription, in order of registration."""
    newest = last_position()
    positions = dict(Checkpoint.objects.values_list("subscription", "position"))
    counts: dict[str, Any] = {
        row["subscription"]: row
        for row in ParkedEvent.objects.values("subscription").annotate(
            waiting=Count("id", filter=Q(state="waiting")), dead=Count("id", filter=Q(state="dead"))
        )
    }
    return [
        _status(one.name, positions.get(one.name, 0), newest, counts.get(one.name, {}))
        for one in after_commit_subscriptions()
    ]


def parked_events(name: str = "") -> list[ParkedEvent]:
    """Parked events of one subscriber or of all, oldest first, at most 1,000."""
    rows = ParkedEvent.objects.order_by("subscription", "position")
    return list((rows.filter(subscription=name) if name else rows)[:1000])


def stream(aggregate_type: str, aggregate_id: int, *, after: int = 0) -> list[StoredEvent]:
    """The events of one aggregate with a version above ``after``, oldest first."""
    rows = Event.objects.filter(
        aggregate_type=aggregate_type, aggregate_id=aggregate_id, seq__gt=after
    ).order_by("seq")
    return [stored(row, None) for row in rows]


def events_of_chain(correlation_id: UUID) -> list[StoredEvent]:
    """Every sequenced event of one chain of work, in reading order."""
    places = EventPosition.objects.filter(correlation_id=correlation_id).order_by("position")
    pairs = list(places.values_list("position", "event_id"))
    rows = Event.objects.in_bulk([key for _, key in pairs])
    return [stored(rows[key], place) for place, key in pairs]


def event_sqid(event: StoredEvent) -> str:
    """The public id of an event."""
    return encode("eventstore.event", event.id)


def idempotency_count() -> int:
    """How many answers are kept."""
    return IdempotencyKey.objects.count()


def _status(name: str, position: int, newest: int, counts: dict[str, Any]) -> SubscriptionStatus:
    behind = max(newest - position, 0)
    seconds = 0.0
    if behind:
        with connection.cursor() as cursor:
            cursor.execute(_OLDEST_UNREAD, [position])
            row = cursor.fetchone()
            seconds = max(row[0], 0.0) if row else 0.0
    waiting, dead = counts.get("waiting", 0), counts.get("dead", 0)
    return SubscriptionStatus(name, position, behind, seconds, waiting, dead)


def _in_words(row: tuple[Any, ...] | None) -> str:
    if row is None:
        return ""
    pid, database, program, seconds = row
    # A server shows the age of another login's transaction to privileged roles only.
    duration = "" if seconds is None else f" for {seconds:.1f} s"
    return f"process {pid} ({program or 'unnamed'} in {database}) writing{duration}"
