"""Questions about background work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import Count, Min, Q

from lodestock.kernel import clock

from .broker.install import QUEUE
from .metrics import BOUNDS
from .models import Job, JobTally


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits. ``due``: may start now. ``oldest_seconds``: how long the oldest of them waits.

    ``abandoned``: running, but the worker gave no sign in time; the sweeper will move them on.
    """

    due: int
    scheduled: int
    running: int
    abandoned: int
    failed: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Tally:
    """How jobs of one kind ended. ``buckets``: see ``metrics.BOUNDS``."""

    kind: str
    status: str
    ended: int
    seconds: float
    buckets: tuple[int, ...]


def backlog() -> Backlog:
    """How much work waits, in one query."""
    now = clock.now()
    due = Q(status="queued", due_at__lte=now)
    row = Job.objects.aggregate(
        due=Count("id", filter=due),
        scheduled=Count("id", filter=Q(status="queued", due_at__gt=now)),
        running=Count("id", filter=Q(status="running", lease_until__gte=now)),
        abandoned=Count("id", filter=Q(status="running", lease_until__lt=now)),
        failed=Count("id", filter=Q(status="failed")),
        oldest=Min("due_at", filter=due),
    )
    oldest: datetime | None = row.pop("oldest")
    waiting = 0.0 if oldest is None else (now - oldest).total_seconds()
    return Backlog(oldest_seconds=waiting, **row)


def tallies() -> list[Tally]:
    """How jobs ended since the beginning, by kind and status."""
    return [
        Tally(row.kind, row.status, row.ended, row.milliseconds / 1000, tuple(row.buckets))
        for row in JobTally.objects.order_by("kind", "status")
    ]


def jobs_of_chain(correlation_id: UUID) -> list[Job]:
    """Every job of one chain of work, oldest first."""
    return list(Job.objects.filter(correlation_id=correlation_id).order_by("id"))


def embedded_queue_depth() -> int | None:
    """Messages in the embedded queue; ``None`` where it is not installed or not readable."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM pgmq.q_{QUEUE}")  # noqa: S608 - our constant
            depth: int = cursor.fetchone()[0]
    except DatabaseError:
        return None
    return depth


__all__ = [
    "BOUNDS",
    "Backlog",
    "Tally",
    "backlog",
    "embedded_queue_depth",
    "jobs_of_chain",
    "tallies",
]
