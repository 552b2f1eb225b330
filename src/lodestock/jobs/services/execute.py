"""Carry out one job: lease it, run its handler, write down how it ended. Once."""

from __future__ import annotations

import time
import traceback
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models.functions import Now

from lodestock.jobs.errors import JobCancelled, LeaseLost, UnknownKind
from lodestock.jobs.metrics import count_end
from lodestock.jobs.models import Job
from lodestock.jobs.ports import JobKind, Result, registry
from lodestock.kernel import clock
from lodestock.kernel.context import acting
from lodestock.kernel.retry import backoff_delay

from .lease import kept_alive, take
from .report import JobRun

log = structlog.get_logger(__name__)

ERROR_CHARACTERS = 8_000
UNKNOWN_KIND_LEASE_SECONDS = 60.0


def execute(job_id: int) -> bool:
    """Run the job if it is due and free; True when this call ended or postponed it.

    Nothing a handler raises passes through: it is written into the row.
    """
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return False
    kind = _kind(job)
    seconds = kind.lease_seconds if kind else UNKNOWN_KIND_LEASE_SECONDS
    token = take(job_id, seconds)
    if token is None:
        return False
    job.refresh_from_db()
    with _chain(job):
        if kind is None:
            error = f"This program knows no jobs of kind {job.kind!r}; is it an older version?"
            return _end(job, token, "failed", error=error)
        if job.attempts > kind.max_attempts:
            error = f"The worker died during each of {kind.max_attempts} attempts."
            return _end(job, token, "failed", error=error)
        return _run(job, kind, token)


def _kind(job: Job) -> JobKind | None:
    try:
        return registry.get(job.kind)
    except UnknownKind:
        return None


def _chain(job: Job) -> AbstractContextManager[Any]:
    """Work as who asked for it, in the same chain of work."""
    stack = ExitStack()
    stack.enter_context(
        acting(
            actor_id=job.actor_id,
            correlation_id=job.correlation_id,
            causation_id=job.causation_id,
            reason=f"job {job.kind}",
        )
    )
    stack.enter_context(
        structlog.contextvars.bound_contextvars(
            correlation_id=str(job.correlation_id), job=job.sqid, job_kind=job.kind
        )
    )
    return stack


def _run(job: Job, kind: JobKind, token: UUID) -> bool:
    run = JobRun(job, token)
    began = time.monotonic()
    log.info("job.started", attempt=job.attempts)
    try:
        with kept_alive(job.pk, token, kind.lease_seconds):
            result = kind.handler(run)
            run.flush()
    except JobCancelled:
        return _end(job, token, "cancelled", began=began)
    except LeaseLost:
        log.warning("job.lease_lost", attempt=job.attempts)
        return False
    except kind.retry_on as error:
        return _failed(job, kind, token, error, began, passing=True)
    except Exception as error:  # noqa: BLE001 - the row keeps whatever a handler raised
        return _failed(job, kind, token, error, began, passing=False)
    return _end(job, token, "succeeded", result=result, began=began)


def _failed(
    job: Job, kind: JobKind, token: UUID, error: BaseException, began: float, *, passing: bool
) -> bool:
    if passing and job.attempts < kind.max_attempts:
        return _postpone(job, kind, token, error)
    text = "".join(traceback.format_exception(error))[-ERROR_CHARACTERS:]
    return _end(job, token, "failed", error=text, began=began)


def _postpone(job: Job, kind: JobKind, token: UUID, error: BaseException) -> bool:
    seconds = backoff_delay(job.attempts - 1, kind.delay_seconds, kind.backoff)
    due = clock.now() + timedelta(seconds=seconds)
    changed = _owned(job, token).update(
        status="queued",
        due_at=due,
        lease_token=None,
        lease_until=None,
        hinted_at=None,
        error=f"{type(error).__name__}: {error}"[:ERROR_CHARACTERS],
    )
    log.warning("job.postponed", attempt=job.attempts, error=str(error), seconds=round(seconds, 1))
    return bool(changed)


def _end(
    job: Job,
    token: UUID,
    status: str,
    *,
    result: Result = None,
    error: str = "",
    began: float | None = None,
) -> bool:
    """Write the end, if the lease is still ours: of two workers only one gets this through."""
    seconds = 0.0 if began is None else time.monotonic() - began
    with transaction.atomic():
        changed = _owned(job, token).update(
            status=status,
            finished_at=Now(),
            lease_token=None,
            lease_until=None,
            result=None if result is None else dict(result),
            error=error,
        )
        if changed:
            count_end(job.kind, status, seconds)
    if not changed:
        log.warning("job.lease_lost", attempt=job.attempts)
        return False
    write = log.error if status == "failed" else log.info
    write(f"job.{status}", attempt=job.attempts, seconds=round(seconds, 3), error=error[-500:])
    return True


def _owned(job: Job, token: UUID) -> Any:
    return Job.objects.filter(pk=job.pk, lease_token=token, status="running")
