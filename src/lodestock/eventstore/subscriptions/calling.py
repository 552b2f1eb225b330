"""Call a handler as part of the chain of work that caused the event."""

from __future__ import annotations

from contextlib import nullcontext

import structlog

from lodestock.eventstore.types import StoredEvent
from lodestock.kernel.context import acting, current

from .effects import without_effects
from .registry import Subscription


def call(subscriber: Subscription, event: StoredEvent, *, effects: bool = True) -> None:
    """Run the handler with the event's actor and correlation id; what it raises passes through.

    Events and log lines of the handler carry the same correlation id, and name this event as
    their cause. Without ``effects`` nothing may leave the program, and a subscriber that does
    nothing but send is skipped.
    """
    if subscriber.sends and not effects:
        return
    correlation = event.correlation_id or current().correlation_id
    context = acting(
        actor_id=event.actor_id,
        correlation_id=correlation,
        causation_id=event.event_id,
        reason=f"{subscriber.name} on {event.event_type}",
    )
    logging = structlog.contextvars.bound_contextvars(
        correlation_id=str(correlation), subscription=subscriber.name, position=event.position
    )
    with context, logging, nullcontext() if effects else without_effects():
        subscriber.handler(event)
