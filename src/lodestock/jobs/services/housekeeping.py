"""The sweeper: what is due and waits, or was abandoned, is sent to the workers again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import connection

from lodestock.jobs.hints import hint
from lodestock.jobs.models import Job
from lodestock.kernel import clock

log = structlog.get_logger(__name__)

SWEEP_LIMIT = 500
# A hint that was not followed within this time may be lost; sending it twice does no harm.
HINT_PATIENCE_SECONDS = 30
KEEP_FINISHED = timedelta(days=30)

# Marked first: two sweepers at once send each hint once. A crash between mark and message only
# costs the patience.
_CLAIM_DUE = """
UPDATE jobs_job SET hinted_at = clock_timestamp()
WHERE id IN (
    SELECT id FROM jobs_job
    WHERE ((status = 'queued' AND due_at <= clock_timestamp())
           OR (status = 'running' AND lease_until < clock_timestamp()))
      AND (hinted_at IS NULL
           OR hinted_at < clock_timestamp() - make_interval(secs => %s))
    ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, correlation_id, status
"""

_CANCEL_ABANDONED = """
UPDATE jobs_job SET status = 'cancelled', finished_at = clock_timestamp(), lease_token = NULL,
       lease_until = NULL
WHERE status = 'running' AND cancel_requested AND lease_until < clock_timestamp()
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """``sent``: hints given; ``abandoned``: of those, jobs whose worker had died."""

    sent: int
    abandoned: int


def sweep(*, patience_seconds: float = HINT_PATIENCE_SECONDS, limit: int = SWEEP_LIMIT) -> Swept:
    """Send hints for due and abandoned jobs; jobs cancelled while abandoned are closed."""
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL_ABANDONED)
        cursor.execute(_CLAIM_DUE, [patience_seconds, limit])
        rows = cursor.fetchall()
    sent = sum(hint(job_id, str(correlation)) for job_id, correlation, _ in rows)
    abandoned = sum(status == "running" for *_, status in rows)
    if rows:
        log.info("jobs.swept", sent=sent, abandoned=abandoned)
    return Swept(sent, abandoned)


def purge_finished(*, keep: timedelta = KEEP_FINISHED) -> int:
    """Remove ended jobs older than ``keep``, in one statement of at most 10,000 rows."""
    old = Job.objects.filter(
        status__in=["succeeded", "failed", "cancelled"], finished_at__lt=clock.now() - keep
    )
    keys = list(old.values_list("id", flat=True)[:10_000])
    return Job.objects.filter(pk__in=keys).delete()[0]
