"""The list of subscriptions, as config hands it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.conf import settings
from django.utils.module_loading import import_string

from lodestock.eventstore.types import StoredEvent
from lodestock.kernel.errors import NotFound

Handler = Callable[[StoredEvent], None]
ALL_EVENTS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscriber.

    ``event_types``: names of the catalogue; :data:`ALL_EVENTS` means every one.
    ``mode``: ``in_transaction`` handlers run inside the change itself, a failure rolls it back,
    and they may write to their own room and lower ones only. ``after_commit`` handlers run from
    the log, each subscription with its own checkpoint, at least once, so they are idempotent by
    ``event.event_id``; a failing event is parked.
    ``keep_stream_order``: once an event of an aggregate is parked, park its later ones behind it.
    ``max_attempts``: after so many failures a parked event waits for a person.
    ``sends``: the handler only causes effects outside. It gets a transaction for each event, so
    that waiting for somebody outside holds up nobody here; a replay without effects skips it.
    """

    name: str
    event_types: frozenset[str]
    handler: Handler
    mode: Literal["after_commit", "in_transaction"] = "after_commit"
    keep_stream_order: bool = False
    max_attempts: int = 8
    sends: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "event_types", frozenset(self.event_types))

    def wants(self, event_type: str) -> bool:
        """Whether this subscriber listens to ``event_type``."""
        return not self.event_types or event_type in self.event_types


def subscriptions() -> tuple[Subscription, ...]:
    """Every subscription of the program, in the order of ``EVENT_SUBSCRIPTIONS``."""
    return _load(getattr(settings, "EVENT_SUBSCRIPTIONS", ""))


def subscription(name: str) -> Subscription:
    """The one called ``name``. Raises :class:`NotFound` naming the known ones."""
    known = {one.name: one for one in subscriptions()}
    if name not in known:
        names = ", ".join(sorted(known)) or "none"
        raise NotFound(f"There is no subscription {name!r}; known are: {names}.", name=name)
    return known[name]


def after_commit_subscriptions() -> tuple[Subscription, ...]:
    """Subscribers that read the log."""
    return tuple(one for one in subscriptions() if one.mode == "after_commit")


def in_transaction_subscriptions() -> tuple[Subscription, ...]:
    """Subscribers that take part in the change itself."""
    return tuple(one for one in subscriptions() if one.mode == "in_transaction")


@cache
def _load(path: str | tuple[Subscription, ...]) -> tuple[Subscription, ...]:
    listed = tuple(import_string(path) if isinstance(path, str) and path else path or ())
    names = [one.name for one in listed]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ValueError(f"Two subscriptions share a name: {', '.join(doubled)}")
    return listed
