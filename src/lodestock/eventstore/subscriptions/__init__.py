"""Who listens to which events. ``config/subscriptions.py`` lists them all."""

from .effects import effect, effects_allowed
from .registry import (
    ALL_EVENTS,
    Subscription,
    after_commit_subscriptions,
    in_transaction_subscriptions,
    subscription,
    subscriptions,
)

__all__ = [
    "ALL_EVENTS",
    "Subscription",
    "after_commit_subscriptions",
    "effect",
    "effects_allowed",
    "in_transaction_subscriptions",
    "subscription",
    "subscriptions",
]
