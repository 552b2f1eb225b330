"""Tables of the event log."""

from .events import Event, EventPosition, SequencerState
from .idempotency import IdempotencyKey
from .subscriptions import Checkpoint, ParkedEvent

__all__ = [
    "Checkpoint",
    "Event",
    "EventPosition",
    "IdempotencyKey",
    "ParkedEvent",
    "SequencerState",
]
