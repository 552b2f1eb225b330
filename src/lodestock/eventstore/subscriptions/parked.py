"""Events a subscriber failed on: kept, tried again with growing pauses, then left to a person."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction

from lodestock.eventstore.models import Event, ParkedEvent
from lodestock.eventstore.types import StoredEvent
from lodestock.kernel import clock
from lodestock.kernel.db import transaction as kernel_transaction
from lodestock.kernel.retry import backoff_delay

from .calling import call
from .claiming import claim
from .reading import stored
from .registry import Subscription

log = structlog.get_logger(__name__)

FIRST_PAUSE_SECONDS = 1.0
BACKOFF = 3.0
LONGEST_PAUSE_SECONDS = 3600.0
ERROR_CHARACTERS = 4_000


def park(
    subscriber: Subscription, event: StoredEvent, *, error: str, attempts: int, effects: bool
) -> None:
    """Keep the event for later; it is due after the first pause."""
    ParkedEvent.objects.update_or_create(
        subscription=subscriber.name,
        position=event.position or 0,
        defaults={
            "event_id": event.id,
            "event_type": event.event_type,
            "aggregate_type": event.aggregate_type,
            "aggregate_id": event.aggregate_id,
            "state": _state(subscriber, attempts),
            "attempts": attempts,
            "next_attempt_at": clock.now() + pause(attempts),
            "effects": effects,
            "error": error[:ERROR_CHARACTERS],
        },
    )


def retry_parked(subscriber: Subscription, *, limit: int = 100, force: bool = False) -> int:
    """Try parked events that are due, oldest first; returns how many now succeeded.

    ``force`` also tries those that are not due yet or were given up.
    """
    rows = ParkedEvent.objects.filter(subscription=subscriber.name).order_by("position")
    if not force:
        rows = rows.filter(state="waiting", next_attempt_at__lte=clock.now())
    keys = list(rows.values_list("id", flat=True)[:limit])
    return sum(_retry_one(subscriber, key) for key in keys)


def stream_is_parked(subscriber: Subscription, event: StoredEvent) -> bool:
    """Whether an earlier event of the same aggregate waits."""
    return ParkedEvent.objects.filter(
        subscription=subscriber.name,
        aggregate_type=event.aggregate_type,
        aggregate_id=event.aggregate_id,
        position__lt=event.position or 0,
    ).exists()


def pause(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts, jitter included; an hour at most."""
    seconds = backoff_delay(max(attempts - 1, 0), FIRST_PAUSE_SECONDS, BACKOFF)
    return timedelta(seconds=min(seconds, LONGEST_PAUSE_SECONDS))


def _retry_one(subscriber: Subscription, key: int) -> bool:
    with kernel_transaction():
        row = ParkedEvent.objects.filter(pk=key).first() if claim(subscriber.name) else None
        if row is None:
            return False
        event = stored(Event.objects.get(pk=row.event_id), row.position)
        if subscriber.keep_stream_order and stream_is_parked(subscriber, event):
            return False
        try:
            with transaction.atomic():
                call(subscriber, event, effects=row.effects)
        except Exception as error:  # noqa: BLE001 - a handler may fail in any way
            _failed_again(subscriber, row, error)
            return False
        row.delete()
    log.info("event.recovered", subscription=subscriber.name, position=row.position)
    return True


def _failed_again(subscriber: Subscription, row: ParkedEvent, error: Exception) -> None:
    row.attempts += 1
    row.state = _state(subscriber, row.attempts)
    row.next_attempt_at = clock.now() + pause(row.attempts)
    row.error = f"{type(error).__name__}: {error}"[:ERROR_CHARACTERS]
    row.save(update_fields=["attempts", "state", "next_attempt_at", "error"])


def _state(subscriber: Subscription, attempts: int) -> str:
    return "dead" if attempts >= subscriber.max_attempts else "waiting"
