"""The line between a working handler and its row."""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import UUID

from django.db import connection

from lodestock.jobs.errors import JobCancelled, LeaseLost
from lodestock.jobs.models import Job

# Reports in between are kept in memory: the row is for people and for the lease.
REPORT_EVERY_SECONDS = 0.5

_REPORT = """
UPDATE jobs_job SET progress_done = %s, progress_total = coalesce(%s, progress_total),
       progress_message = CASE WHEN %s = '' THEN progress_message ELSE left(%s, 300) END
WHERE id = %s AND lease_token = %s AND status = 'running' RETURNING cancel_requested
"""


class JobRun:
    """One attempt at one job: what a handler gets (see ``ports.Run``)."""

    def __init__(self, job: Job, token: UUID) -> None:
        self.job_id: int = job.pk
        self.params: dict[str, Any] = job.params
        self.attempt: int = job.attempts
        self.token = token
        self._reported_at = 0.0
        self._pending: tuple[int, int | None, str] | None = None
        self._lock = threading.Lock()

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """See ``ports.Run.progress``."""
        with self._lock:
            self._pending = (done, total, message)
            if time.monotonic() - self._reported_at < REPORT_EVERY_SECONDS:
                return
            self.flush()

    def flush(self) -> None:
        """Write the newest report. Raises :class:`JobCancelled` or :class:`LeaseLost`."""
        if self._pending is None:
            return
        done, total, message = self._pending
        self._pending = None
        self._reported_at = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute(_REPORT, [done, total, message, message, self.job_id, self.token])
            row = cursor.fetchone()
        if row is None:
            raise LeaseLost(f"job {self.job_id} was taken over or ended elsewhere")
        if row[0]:
            raise JobCancelled(f"job {self.job_id}")


def progress(job: Job, done: int, total: int | None = None, message: str = "") -> None:
    """Report progress on a row directly, for work that does not run through a handler."""
    changed: dict[str, Any] = {"progress_done": done}
    if total is not None:
        changed["progress_total"] = total
    if message:
        changed["progress_message"] = message[:300]
    Job.objects.filter(pk=job.pk).update(**changed)
