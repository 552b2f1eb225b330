"""Tell a worker that a row is waiting. Losing a hint is harmless: the sweeper tells again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from lodestock.kernel import clock

from .models import Job

log = structlog.get_logger(__name__)

Sender = Callable[[int, str], None]


def hint_after_commit(job: Job) -> None:
    """Send the hint once the present transaction has committed; a failure is only logged."""
    if job.due_at <= clock.now():
        transaction.on_commit(
            partial(_hint_or_unmark, job.pk, str(job.correlation_id)), robust=True
        )


def hint(job_id: int, correlation_id: str) -> bool:
    """Send the hint now; False when the broker could not take it (the sweeper will try again)."""
    try:
        _sender()(job_id, correlation_id)
    except Exception as error:  # noqa: BLE001 - any broker fault, of any library
        first_line = f"{type(error).__name__}: {error}".partition("\n")[0]
        log.warning("job.hint_failed", job=job_id, error=first_line[:300])
        return False
    return True


def _hint_or_unmark(job_id: int, correlation_id: str) -> None:
    """The row says it was hinted at (see ``enqueue``); take that back when it was not."""
    if not hint(job_id, correlation_id):
        Job.objects.filter(pk=job_id).update(hinted_at=None)


def _sender() -> Sender:
    sender: Sender = import_string(
        getattr(settings, "JOB_HINT_SENDER", "lodestock.jobs.tasks.send_hint")
    )
    return sender
