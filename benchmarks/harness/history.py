"""Years of ledger, made set-wise: what would take the posting function an hour, in minutes.

As the owner, and only here: nobody else may write these tables. What it leaves is what the function
would have left, so that verification passes over it. Two shapes: told when it happened, with one
posting in a hundred up to three months late; or everything told at one moment of the present month,
which is what an imported history looks like.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from benchmarks.harness.sections import sections
from benchmarks.harness.stage import Stage
from benchmarks.harness.world import World

LINES_PER_POSTING = 200
BINS_PER_VARIANT = 10
LINES_AT_ONCE = 1_000_000
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class History:
    """How many movements there are to be, over how many months, and whether all told at once."""

    rows: int
    months: int
    imported: bool = False


def section(name: str) -> str:
    """Return one statement of raw/history.sql."""
    return sections("history.sql")[name]


class Builder:
    """Fills the ledger of one world with 10 bins; every (variant, bin) is a key."""

    def __init__(self, connection: psycopg.Connection[Any], world: World, history: History) -> None:
        self.connection = connection
        self.history = history
        self.now = datetime.now(UTC)
        self.start = _after(self.now, 1 - history.months)
        self.keys = len(world.variants) * BINS_PER_VARIANT
        self.given = {
            "keys": self.keys,
            "bins": BINS_PER_VARIANT,
            "variant": world.variants[0],
            "bin": world.bins[0],
            "supplier": world.supplier,
            "customer": world.customer,
            "floor": self.start,
            "told_at": self.now if history.imported else None,
        }

    def fill(self) -> None:
        """First a hundred of every key, then movements spread evenly over the months."""
        self.connection.execute(section("table"))
        for month in range(0 if self.history.imported else self.history.months):
            start = _after(self.start, month)
            self._run("partition", start=start, end=_after(start, 1))
        opened = self.start + timedelta(days=1)
        self._stretches(1, self.keys, (self.start, opened), opening=True)
        each = self._lines_a_month()
        for month in range(self.history.months):
            span = (_after(self.start, month), min(_after(self.start, month + 1), self.now))
            first = self.keys + 1 + month * each
            self._stretches(first, each, (max(span[0], opened), span[1]))
        self.connection.execute("DROP TABLE bench_line")
        self._run("balances")
        self._run("sequences")
        self.connection.execute("VACUUM ANALYZE")

    def _lines_a_month(self) -> int:
        lines = (self.history.rows - self.keys) // self.history.months
        return max(1, lines // LINES_PER_POSTING) * LINES_PER_POSTING

    def _stretches(self, first: int, number: int, span: Span, *, opening: bool = False) -> None:
        """Write `number` lines, some at a time: the last transaction must fit in memory."""
        length = span[1] - span[0]
        for done in range(0, number, LINES_AT_ONCE):
            upto = min(done + LINES_AT_ONCE, number)
            self.connection.execute("TRUNCATE bench_line")
            self._run(
                "lines",
                first=first + done,
                last=first + upto - 1,
                since=span[0] + length * (done / number),
                until=span[0] + length * (upto / number),
                opening=opening,
            )
            for name in ("postings", "movements", "events", "backdating"):
                self.connection.execute(section(name))  # type: ignore[arg-type]

    def _run(self, name: str, **more: Any) -> None:
        # Bound by the client: the server would have to guess the types of two dozen parameters.
        with psycopg.ClientCursor(self.connection) as cursor:
            cursor.execute(section(name), self.given | more)  # type: ignore[arg-type]


def build(stage: Stage, world: World, history: History) -> None:
    """Fill the case's ledger with `history`."""
    title = f"{history.rows:,} movements over {history.months} months"
    with stage.connect(autocommit=True) as connection, stage.timed(title):
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET work_mem = '256MB'")
        Builder(connection, world, history).fill()


def _after(moment: datetime, months: int) -> datetime:
    """Return the first instant of the month that lies `months` months after `moment`'s."""
    number = moment.year * 12 + moment.month - 1 + months
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
