"""Run the checks on one frozen view of the database and say what differs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.db import transaction as django_transaction

LIMIT = 100

_SQL = Path(__file__).resolve().parent / "sql"

#: Each name is a query in ``sql/`` that answers (subject, expected, found) for what is wrong.
CHECKS = (
    "balances",
    "reserved",
    "bounds",
    "closed",
    "reservations",
    "in_units",
    "contents",
    "conservation",
    "roll_up",
    "digests",
    "headers",
    "events",
    "lots",
    "reversals",
    "partitions",
    "snapshots",
)

#: What changes from minute to minute; the rest is for the nightly full run.
INCREMENTAL = ("balances_incremental", "reserved", "bounds", "closed", "in_units", "partitions")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it must be, by name."""

    check: str
    subject: str
    expected: str
    found: str


@dataclass
class Report:
    """What was compared, how long it took, and what differs (at most 100 of each check)."""

    mode: str
    movements: int = 0
    balances: int = 0
    seconds: float = 0.0
    checks: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.differences


def verify(*, incremental: bool = False) -> Report:
    """Compare everything with what it is folded from. Reads only, stops nobody."""
    started = time.monotonic()
    report = Report("incremental" if incremental else "full")
    with _frozen():
        for name in INCREMENTAL if incremental else CHECKS:
            query = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
            found = [Difference(name, *row) for row in _rows(query)[:LIMIT]]
            report.checks[name] = len(found)
            report.differences += found
        report.balances = _rows("SELECT count(*) FROM inventory_balance")[0][0]
        report.movements = _rows("SELECT coalesce(sum(line_count), 0) FROM inventory_posting")[0][0]
    report.seconds = round(time.monotonic() - started, 3)
    return report


@contextmanager
def _frozen() -> Iterator[None]:
    """One snapshot for all checks, so that postings meanwhile are no differences."""
    if connection.in_atomic_block:
        yield
        return
    with django_transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
