"""Kinds of job that only tests have: they leave their traces in a table, not in memory."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from lodestock.config.jobs import KINDS as REAL_KINDS
from lodestock.eventstore.models import IdempotencyKey
from lodestock.jobs.ports import JobKind, Run
from lodestock.kernel import clock
from lodestock.kernel.errors import TransientError


def trace(run: Run, what: str) -> None:
    """One row per (job, attempt, what), visible to every process at once."""
    IdempotencyKey.objects.create(
        principal=f"job:{run.job_id}",
        route=what,
        key_hash=str(run.attempt),
        request_hash=str(time.time()),
        expires_at=clock.now(),
    )


def traces(job_id: int, what: str) -> list[int]:
    """The attempts that left the trace ``what``."""
    rows = IdempotencyKey.objects.filter(principal=f"job:{job_id}", route=what).order_by("id")
    return [int(row.key_hash) for row in rows]


def steps(run: Run) -> Mapping[str, Any]:
    """Takes ``steps`` steps of ``seconds`` each."""
    trace(run, "began")
    total = int(run.params.get("steps", 1))
    for step in range(total):
        run.progress(step, total, f"step {step}")
        time.sleep(float(run.params.get("seconds", 0)))
    trace(run, "ended")
    return {"steps": total, "attempt": run.attempt}


def flaky(run: Run) -> Mapping[str, Any]:
    """Fails in passing until attempt ``works_at``."""
    if run.attempt < int(run.params["works_at"]):
        raise TransientError(f"not yet, attempt {run.attempt}")
    return {"attempt": run.attempt}


def broken(run: Run) -> None:
    """Fails for good."""
    raise ValueError("this will never work")


KINDS = [
    *REAL_KINDS,
    JobKind("test.steps", steps, lease_seconds=3.0, max_attempts=4),
    JobKind("test.flaky", flaky, max_attempts=3, delay_seconds=0.0, backoff=1.0),
    JobKind("test.broken", broken),
]
