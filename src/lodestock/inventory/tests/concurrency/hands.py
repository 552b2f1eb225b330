"""Work that is begun on one connection and goes on while another one does something."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.transaction import set_rollback

from lodestock.kernel.db import transaction

Work = Callable[[], Any]


@contextmanager
def in_flight(work: Work, *, give_up: bool = False) -> Iterator[threading.Event]:
    """``work`` is done in a transaction of another connection that ends when the event is set."""
    done, over = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction():
                work()
                done.set()
                assert over.wait(20)
                set_rollback(give_up)
        finally:
            done.set()
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(20)
    try:
        yield over
    finally:
        over.set()
        thread.join(20)


@contextmanager
def meanwhile(work: Work) -> Iterator[Future[Any]]:
    """``work`` on a connection of its own; has it ended after half a second?"""

    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        threading.Event().wait(0.5)
        yield future
