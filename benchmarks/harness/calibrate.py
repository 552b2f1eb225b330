"""The yardstick of a run: how many of the smallest honest postings this machine does a second."""

from __future__ import annotations

from typing import Any

from benchmarks.harness import pgbench
from benchmarks.harness.rounds import Round
from benchmarks.harness.stage import Stage

SCRIPT = "raw_posting.pgbench"


def prepare(stage: Stage) -> None:
    """Make the tables of the raw posting script in the stage's database."""
    stage.run_sql("raw_posting.sql")


def raw_posting(stage: Stage, *, clients: int, seconds: float) -> Round:
    """One round of INSERT + UPDATE + COMMIT by pgbench."""
    return pgbench.run(stage.owner, stage.script(SCRIPT), clients=clients, seconds=seconds)


def yardstick(stage: Stage) -> dict[str, Any]:
    """Return the raw transactions a second with 1 and with 8 clients."""
    prepare(stage)
    rates = {n: raw_posting(stage, clients=n, seconds=3).rate for n in (1, 8)}
    return {f"raw_pgbench_{clients}_clients": round(rate) for clients, rate in rates.items()}
