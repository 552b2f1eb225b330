"""Keeping the ledger in shape: partitions ahead, the past sealed and folded."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import connection

from lodestock.kernel import clock
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import TransientError

from .call import call

MONTHS_AHEAD = 12
_WAIT_SECONDS = 30.0
# Whoever writes holds a lock on their own transaction number. A posting takes its number before it
# reads the seal: so after the seal is committed, everyone who has not seen it is listed here.
_WRITERS = """
SELECT l.virtualtransaction FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
  AND a.datname = current_database() AND l.pid <> pg_backend_pid()
"""


def ensure_partitions(*, months_ahead: int = MONTHS_AHEAD) -> list[str]:
    """Make the month partitions from this month on; answers the names of those it made."""
    rows = call("SELECT ledger.ensure_partitions_v1(%s)", (months_ahead,))
    return [row[0] for row in rows]


def months_prepared() -> int:
    """How many whole months ahead of now the ledger can take; below 2 is an alarm."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM inventory_movementpartition"
            " WHERE range_start > transaction_timestamp()"
        )
        return int(cursor.fetchone()[0])


def seal_past(*, until: datetime | None = None, wait_seconds: float = _WAIT_SECONDS) -> datetime:
    """Close the books up to ``until`` (now): nothing is recorded before it any more.

    Waits for everyone who was posting at that moment. Raises :class:`TransientError` when one of
    them takes longer than ``wait_seconds``; the seal stands, and what is built on it can be
    built next time. Must not run inside a transaction, which would wait for itself.
    """
    if connection.in_atomic_block:
        raise RuntimeError("seal_past() waits for transactions to end: call it outside of one.")
    sealed: datetime = call("SELECT ledger.seal_v1(%s)", (until or clock.now(),))[0][0]
    _wait_for(_writers(), wait_seconds)
    return sealed


def _writers() -> set[str]:
    """The transactions of this database that have begun to write and not ended."""
    return {row[0] for row in call(_WRITERS, ())}


def _wait_for(transactions: set[str], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while transactions & _writers():
        if time.monotonic() > deadline:
            raise TransientError(
                f"A transaction has been writing for longer than {seconds:.0f} s;"
                " snapshots wait for it."
            )
        time.sleep(0.05)


def take_snapshots(*, until: datetime | None = None) -> list[tuple[str, datetime, int]]:
    """Seal the past, fold what was learned late, build the month snapshots that are due.

    Answers ``(axis, boundary, rows)`` for each one built.
    """
    sealed = seal_past(until=until)
    with transaction():
        rows = call("SELECT axis, boundary, row_count FROM ledger.take_snapshots_v1(%s)", (sealed,))
    return [(row[0], row[1], row[2]) for row in rows]


def rebuild_snapshots() -> list[tuple[str, datetime, int]]:
    """Forget the snapshots and fold the whole ledger again."""
    call("SELECT ledger.drop_snapshots_v1()::text", ())
    return take_snapshots()


def rebuild_balances() -> int:
    """Fold the ledger into the balances again; answers how many rows were wrong.

    Postings wait meanwhile.
    """
    with transaction():
        return int(call("SELECT changed FROM ledger.rebuild_balances_v1()", ())[0][0])
