"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from collections.abc import Callable

from lodestock.eventstore import selectors, services
from lodestock.eventstore.models import Event
from lodestock.eventstore.subscriptions import Subscription
from lodestock.eventstore.subscriptions.delivery import deliver_all
from lodestock.eventstore.testing import sequence_everything
from lodestock.eventstore.types import NewEvent, StoredEvent, Stream
from lodestock.kernel.db import transaction


def make_events(n: int) -> None:
    """``n`` more events, each on an aggregate of its own, with their positions."""
    first = Event.objects.count() + 1_000_000
    with transaction():
        services.append_many(
            [
                Stream("Lot", number, [NewEvent("LotHeld", _lot(number))])
                for number in range(first, first + n)
            ]
        )
    sequence_everything()


def make_parked_events(n: int) -> None:
    """``n`` more events that a subscriber fails on."""
    make_events(n)
    before = len(selectors.parked_events("breaks"))
    deliver_all(Subscription("breaks", frozenset(), _fail))
    assert len(selectors.parked_events("breaks")) >= before + n


def _lot(number: int) -> dict[str, object]:
    return {"variant_id": number, "lot": f"L-{number}", "reason": "Certificate missing"}


def _fail(event: StoredEvent) -> None:
    raise RuntimeError(f"cannot digest {event.event_type}")


ROWS: dict[str, Callable[[int], None]] = {
    "events": make_events,
    "parked-events": make_parked_events,
}
