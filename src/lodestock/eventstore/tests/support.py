"""Small helpers for the tests of the event log."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from lodestock.eventstore import services
from lodestock.eventstore.types import NewEvent, StoredEvent
from lodestock.kernel.db import transaction

_numbers = itertools.count(1)


def record(
    event_type: str = "OrderCancelled", aggregate_id: int | None = None, **payload: Any
) -> StoredEvent:
    """One event in a transaction of its own, on a fresh aggregate unless one is given."""
    with transaction():
        stored = services.append(
            aggregate_type="SalesOrder",
            aggregate_id=next(_numbers) if aggregate_id is None else aggregate_id,
            events=[NewEvent(event_type, payload)],
        )
    return stored[0]


def until(condition: Callable[[], Any], seconds: float = 90.0) -> Any:
    """Wait for something that another thread or process brings about; fails when it does not.

    Patient: on a shared server the horizon waits for everybody's transactions.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s in vain for {condition}")


def in_threads(*work: Callable[[], None]) -> None:
    """Run functions at the same time, each on a database connection of its own."""
    from django.db import connections

    failures: list[BaseException] = []

    def guarded(function: Callable[[], None]) -> None:
        try:
            function()
        except BaseException as error:  # noqa: BLE001 - reported by the caller's thread
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guarded, args=(function,)) for function in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
