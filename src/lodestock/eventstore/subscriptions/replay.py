"""Run a subscriber over the past again, to rebuild what it keeps."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db.models import Max

from lodestock.eventstore.models import Checkpoint, EventPosition, ParkedEvent
from lodestock.kernel.db import transaction as kernel_transaction

from .claiming import claim
from .delivery import deliver
from .registry import Subscription

BUSY_SECONDS = 0.05


def replay(
    subscriber: Subscription,
    *,
    effects: bool = False,
    from_position: int = 0,
    reset: Callable[[], None] | None = None,
) -> int:
    """Move the checkpoint back to ``from_position`` and deliver up to now.

    ``reset`` empties the subscriber's own tables first, in the transaction that moves the
    checkpoint. Without ``effects`` nothing leaves the program for the events that are replayed,
    whichever process delivers them, and also when this one dies on the way. Returns what this
    process handled itself.
    """
    newest = _rewind(subscriber.name, from_position, effects=effects, reset=reset)
    handled = 0
    while Checkpoint.objects.get(subscription=subscriber.name).position < newest:
        done = deliver(subscriber)
        handled += done.handled
        if done.busy:
            time.sleep(BUSY_SECONDS)
    return handled


def _rewind(name: str, position: int, *, effects: bool, reset: Callable[[], None] | None) -> int:
    with kernel_transaction():
        while not claim(name):
            time.sleep(BUSY_SECONDS)
        newest = EventPosition.objects.aggregate(newest=Max("position"))["newest"] or 0
        ParkedEvent.objects.filter(subscription=name, position__gt=position).delete()
        if reset is not None:
            reset()
        moved = {"position": min(position, newest), "quiet_upto": 0 if effects else newest}
        Checkpoint.objects.update_or_create(subscription=name, defaults=moved)
    return newest
