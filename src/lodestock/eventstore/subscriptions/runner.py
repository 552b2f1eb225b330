"""The loop that sequences the log and serves every subscriber. One process is enough; two are fine.

Each subscriber has at most one batch in work and a share of a small pool of threads, so that a
slow or failing one holds up nobody else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, close_old_connections

from lodestock.eventstore.services.sequence import sequence
from lodestock.kernel.retry import backoff_delay

from .delivery import deliver
from .listening import Listener
from .parked import retry_parked
from .registry import Subscription, after_commit_subscriptions

log = structlog.get_logger(__name__)

UNREACHABLE = (psycopg.OperationalError, OperationalError, InterfaceError)
SHORTEST_PAUSE = 0.01
LONGEST_PAUSE = 0.25
PARKED_EVERY_SECONDS = 1.0
THREADS = 4


class Runner:
    """Give it an event to stop by, then :meth:`run`."""

    def __init__(
        self, stop: threading.Event, *, listed: Sequence[Subscription] | None = None
    ) -> None:
        self.stop = stop
        self.listed = after_commit_subscriptions() if listed is None else tuple(listed)
        self._busy: dict[str, Future[None]] = {}
        self._again: set[str] = set()
        self._outages = 0

    def run(self) -> None:
        """Work until stopped. A server that is away is waited for; everything resumes."""
        with Listener() as listener, ThreadPoolExecutor(THREADS, "subscriber") as pool:
            pause, parked_at = SHORTEST_PAUSE, 0.0
            while not self.stop.is_set():
                retry = time.monotonic() - parked_at > PARKED_EVERY_SECONDS
                parked_at = time.monotonic() if retry else parked_at
                try:
                    moved = self._round(pool, retry=retry)
                    pause = SHORTEST_PAUSE if moved else min(pause * 1.5, LONGEST_PAUSE)
                    if listener.wait(pause):
                        self._wake_all()
                    self._outages = 0
                except UNREACHABLE as error:
                    self._wait_for_server(listener, error)

    def _round(self, pool: ThreadPoolExecutor, *, retry: bool) -> bool:
        done = sequence()
        if done.count:
            self._wake_all()
        for one in self.listed:
            if self._free(one.name) and (one.name in self._again or retry):
                self._again.discard(one.name)
                self._busy[one.name] = pool.submit(self._serve, one, retry=retry)
        return bool(done.count or self._again)

    def _serve(self, one: Subscription, *, retry: bool) -> None:
        try:
            if retry:
                retry_parked(one)
            if deliver(one).more:
                self._again.add(one.name)
        except UNREACHABLE:
            self._again.add(one.name)
        except Exception:
            log.exception("subscription.failed", subscription=one.name)
        finally:
            close_old_connections()

    def _free(self, name: str) -> bool:
        return name not in self._busy or self._busy[name].done()

    def _wake_all(self) -> None:
        self._again.update(one.name for one in self.listed)

    def _wait_for_server(self, listener: Listener, error: Exception) -> None:
        listener.close()
        close_old_connections()
        seconds = min(backoff_delay(min(self._outages, 6), 0.2, 2.0), 10.0)
        self._outages += 1
        log.warning("subscriptions.server_away", error=str(error).strip(), wait_seconds=seconds)
        self.stop.wait(seconds)
        self._wake_all()
