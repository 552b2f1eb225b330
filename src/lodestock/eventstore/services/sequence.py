"""Give every committed event its place in the reading order (the functions are in migration 0002).

The order is by horizon: an event gets a position only when no transaction that could still write
an earlier one is running. A cursor on ``id`` would lose events, because ids are drawn before the
commit and commits overtake each other.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

CHANNEL = "lodestock_events"
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What one run did. ``busy``: another sequencer held the lock, nothing was tried."""

    count: int
    last_position: int
    busy: bool = False


def sequence(*, limit: int = BATCH) -> Sequenced:
    """Give positions to the next ``limit`` events below the horizon, and notify readers once.

    Runs in a transaction of its own when called outside one. A server that is not the one the
    state belongs to (a dump was restored) is noticed and handled by :func:`after_restore`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequenced, last_position, foreign_server FROM eventstore_sequence_v1(%s)",
            [limit],
        )
        count, last_position, foreign_server = cursor.fetchone()
    if foreign_server:
        return after_restore()
    if count is None:
        return Sequenced(0, last_position or 0, busy=True)
    return Sequenced(count, last_position)


def after_restore() -> Sequenced:
    """Sequence everything there is, and start counting transactions anew.

    Needed once in a server that a dump was restored into: the rows carry transaction numbers of
    the old server. Writers wait for the few milliseconds it takes. Harmless when not needed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequenced, last_position FROM eventstore_after_restore_v1()")
        count, last_position = cursor.fetchone()
    return Sequenced(count, last_position)


def sequence_all(*, limit: int = BATCH) -> int:
    """Run until nothing below the horizon is left; returns how many positions were given."""
    total = 0
    while True:
        done = sequence(limit=limit)
        total += done.count
        if done.count < limit:
            return total
