"""Every subscription of the program, in one place.

``in_transaction`` handlers take part in the change itself: keep them few. See docs/events.md.
"""

from __future__ import annotations

from lodestock.eventstore.subscriptions import Subscription

SUBSCRIPTIONS: tuple[Subscription, ...] = ()
