"""Handlers that take part in the change: few, listed, and their failure rolls it back."""

from __future__ import annotations

from collections.abc import Iterable

from lodestock.eventstore.types import StoredEvent

from .registry import in_transaction_subscriptions


def dispatch_in_transaction(events: Iterable[StoredEvent]) -> None:
    """Run the in-transaction handlers for events just written; exceptions pass through.

    ``append`` does this itself. Only a room whose events are inserted by an SQL function calls
    it (as ``services.announce``) with what the function wrote.
    """
    listeners = in_transaction_subscriptions()
    if not listeners:
        return
    for event in events:
        for one in listeners:
            if one.wants(event.event_type):
                one.handler(event)
