"""The verbs of the event log."""

from lodestock.eventstore.subscriptions.delivery import deliver
from lodestock.eventstore.subscriptions.immediate import dispatch_in_transaction as announce
from lodestock.eventstore.subscriptions.parked import retry_parked
from lodestock.eventstore.subscriptions.replay import replay

from .append import append, append_many, current_version
from .idempotency import idempotency_store, purge_idempotency
from .sequence import CHANNEL, after_restore, sequence, sequence_all

__all__ = [
    "CHANNEL",
    "after_restore",
    "announce",
    "append",
    "append_many",
    "current_version",
    "deliver",
    "idempotency_store",
    "purge_idempotency",
    "replay",
    "retry_parked",
    "sequence",
    "sequence_all",
]
