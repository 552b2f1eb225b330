"""Who may work on a job: one conditional UPDATE decides."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import structlog
from django.db import DatabaseError, connection

log = structlog.get_logger(__name__)

_TAKE = """
UPDATE jobs_job
SET status = 'running', attempts = attempts + 1, lease_token = %s,
    lease_until = clock_timestamp() + make_interval(secs => %s),
    started_at = coalesce(started_at, clock_timestamp())
WHERE id = %s AND NOT cancel_requested AND due_at <= clock_timestamp()
  AND (status = 'queued' OR (status = 'running' AND lease_until < clock_timestamp()))
RETURNING id
"""

_RENEW = """
UPDATE jobs_job SET lease_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = %s AND lease_token = %s AND status = 'running' RETURNING id
"""


def take(job_id: int, seconds: float) -> UUID | None:
    """Lease a job that is due or abandoned; ``None`` when it is neither."""
    token = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [token, seconds, job_id])
        return token if cursor.fetchone() else None


def renew(job_id: int, token: UUID, seconds: float) -> bool:
    """Extend the lease; False when it is no longer ours."""
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [seconds, job_id, token])
        return cursor.fetchone() is not None


@contextmanager
def kept_alive(job_id: int, token: UUID, seconds: float) -> Iterator[None]:
    """While inside, a thread with its own connection renews the lease every third of it.

    A killed process takes the thread with it, so the lease runs out; a handler that is busy in
    one long statement keeps it.
    """
    ended = threading.Event()
    beat = threading.Thread(target=_beat, args=(ended, job_id, token, seconds), daemon=True)
    beat.start()
    try:
        yield
    finally:
        ended.set()
        beat.join()


def _beat(ended: threading.Event, job_id: int, token: UUID, seconds: float) -> None:
    while not ended.wait(seconds / 3):
        try:
            if not renew(job_id, token, seconds):
                return
        except DatabaseError as error:
            log.warning("job.lease_not_renewed", job=job_id, error=str(error).strip())
        finally:
            connection.close()
