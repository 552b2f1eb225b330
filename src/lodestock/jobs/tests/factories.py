"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from lodestock.jobs import services
from lodestock.jobs.models import Job
from lodestock.kernel import clock


def a_job(kind: str = "jobs.purge_finished") -> Job:
    """A job that waits; nobody is told of it."""
    return services.enqueue(kind, due_at=clock.now() + timedelta(days=1))


def make_jobs(n: int) -> None:
    """``n`` more jobs that wait."""
    for _ in range(n):
        a_job()


ROWS: dict[str, Callable[[int], None]] = {"jobs": make_jobs}
