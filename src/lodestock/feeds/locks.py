"""One importer per feed at a time; the lock dies with the process that holds it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from lodestock.feeds.errors import FeedBusy
from lodestock.kernel.direct import direct_conninfo

NAMESPACE = 0x4C_46_45_44  # "LFED"
POLL_SECONDS = 0.2


@contextmanager
def only_importer(feed_id: int, code: str, *, wait_seconds: float = 30.0) -> Iterator[None]:
    """Hold the feed's advisory lock on a connection of its own.

    A killed importer frees it at once, because its connection closes. Raises ``FeedBusy`` when
    another importer keeps it longer than ``wait_seconds``.
    """
    conninfo = direct_conninfo(application_name="lodestock feed lock")
    with psycopg.connect(**conninfo, autocommit=True) as line:
        until = time.monotonic() + wait_seconds
        while not _try(line, feed_id):
            if time.monotonic() >= until:
                raise FeedBusy(
                    f"Feed {code} is being imported by another process. Wait for it to end, "
                    "then run this import again.",
                    feed=code,
                )
            time.sleep(POLL_SECONDS)
        yield


def _try(line: psycopg.Connection[tuple[bool]], feed_id: int) -> bool:
    key = feed_id % (1 << 31)
    row = line.execute("SELECT pg_try_advisory_lock(%s, %s)", [NAMESPACE, key]).fetchone()
    return bool(row and row[0])
