"""Read on from a subscriber's checkpoint: one batch, one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
from django.db import transaction
from django.db.models.functions import Now

from lodestock.eventstore.models import Checkpoint
from lodestock.eventstore.types import StoredEvent
from lodestock.kernel.db import transaction as kernel_transaction

from .calling import call
from .claiming import claim
from .parked import park, stream_is_parked
from .reading import load, of_types, positions_after
from .registry import Subscription

log = structlog.get_logger(__name__)

BATCH = 200
# A batch ends after this long even when more is waiting: a long write transaction would hold
# back the horizon, and with it every other subscriber.
BATCH_SECONDS = 0.5
# Sparse subscribers leap over uninteresting events this many at a time.
SCAN = 2_000


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one call did. ``position`` is the new checkpoint; ``more``: the batch was full."""

    handled: int
    parked: int
    position: int
    more: bool
    busy: bool = False


def deliver(subscriber: Subscription, *, batch: int = BATCH) -> Delivered:
    """Hand the next events to one subscriber and move its checkpoint, all in one transaction.

    Each handler runs in a savepoint of its own. An event whose handler raises is parked and the
    rest goes on. When another process is delivering to the same subscriber, nothing is done.
    """
    limit = 1 if subscriber.sends else batch
    with kernel_transaction():
        if not claim(subscriber.name):
            return Delivered(0, 0, 0, more=False, busy=True)
        position, quiet_upto = _checkpoint(subscriber.name)
        scanned = positions_after(position, SCAN)
        if not scanned:
            return Delivered(0, 0, position, more=False)
        wanted = of_types(scanned, subscriber.event_types)
        outcomes = _work(subscriber, load(wanted[:limit]), quiet_upto)
        finished = len(outcomes) == len(wanted)
        reached = scanned[-1][0] if finished else wanted[len(outcomes) - 1][0]
        _move(subscriber.name, reached)
    more = not finished or len(scanned) == SCAN
    return Delivered(sum(outcomes), outcomes.count(False), reached, more=more)


def _work(subscriber: Subscription, events: list[StoredEvent], quiet_upto: int) -> list[bool]:
    """Whether each event was handled (else it is parked); fewer answers when time ran out."""
    outcomes: list[bool] = []
    deadline = time.monotonic() + BATCH_SECONDS
    for event in events:
        effects = (event.position or 0) > quiet_upto
        outcomes.append(attempt(subscriber, event, effects=effects))
        if time.monotonic() > deadline:
            break
    return outcomes


def attempt(subscriber: Subscription, event: StoredEvent, *, effects: bool = True) -> bool:
    """Run one handler in a savepoint; park the event and return False when it fails."""
    keep = partial(park, subscriber, event, effects=effects)
    if subscriber.keep_stream_order and stream_is_parked(subscriber, event):
        keep(error="an earlier event of this aggregate is parked", attempts=0)
        return False
    try:
        with transaction.atomic():
            call(subscriber, event, effects=effects)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises must not stop others
        log.warning(
            "event.parked", event_type=event.event_type, position=event.position, error=str(error)
        )
        keep(error=f"{type(error).__name__}: {error}", attempts=1)
        return False
    return True


def _checkpoint(name: str) -> tuple[int, int]:
    """Position, and up to where effects are off."""
    row = Checkpoint.objects.filter(subscription=name).values_list("position", "quiet_upto").first()
    return row or (0, 0)


def _move(name: str, position: int) -> None:
    Checkpoint.objects.update_or_create(
        subscription=name, defaults={"position": position, "updated_at": Now()}
    )


def deliver_all(subscriber: Subscription, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Deliver until the subscriber has caught up; returns how many events it handled."""
    handled = 0
    while not stop():
        done = deliver(subscriber)
        handled += done.handled
        if not done.more:
            break
    return handled
