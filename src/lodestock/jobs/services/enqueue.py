"""Ask for background work, take it back, or ask again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from lodestock.jobs.domain import JOB
from lodestock.jobs.hints import hint_after_commit
from lodestock.jobs.models import Job
from lodestock.jobs.ports import registry
from lodestock.kernel import clock
from lodestock.kernel.context import current
from lodestock.kernel.errors import InvalidInput


def enqueue(
    kind: str,
    params: Mapping[str, Any] | None = None,
    *,
    due_at: datetime | None = None,
    unique_key: str = "",
) -> Job:
    """Write the row of a new job; a worker is told of it once the transaction has committed.

    The row is the truth: a lost message costs time, never the work. The actor and the
    correlation id of the context go along. With ``unique_key``, an open job that carries the
    same key is returned instead of a second one. Raises :class:`UnknownKind`, and
    :class:`InvalidInput` for parameters that are no plain JSON.
    """
    registry.get(kind)
    context = current()
    fields: dict[str, Any] = {
        "kind": kind,
        "params": _plain(params or {}),
        "unique_key": unique_key,
        "actor_id": context.actor_id,
        "correlation_id": context.correlation_id,
        "causation_id": context.causation_id,
    }
    if due_at is not None:
        fields["due_at"] = due_at
    else:
        fields["hinted_at"] = clock.now()
    job = _insert(fields)
    job.refresh_from_db()
    hint_after_commit(job)
    return job


def cancel(job: Job) -> Job:
    """Stop a job: at once while it waits, at its next progress report while it runs.

    Raises :class:`IllegalTransition` for a job that has ended.
    """
    mine = Job.objects.filter(pk=job.pk)
    ended = {"status": "cancelled", "finished_at": Now(), "cancel_requested": True}
    while not (
        mine.filter(status="queued").update(**ended)
        or mine.filter(status="running").update(cancel_requested=True)
    ):
        job.refresh_from_db()
        JOB.target(job.status, "cancel", label=job.sqid)
    job.refresh_from_db()
    return job


def retry(job: Job) -> Job:
    """Run a failed or cancelled job again, with its attempts counted anew.

    Raises :class:`IllegalTransition` for a job that is open or succeeded.
    """
    status = JOB.target(job.status, "retry", label=job.sqid)
    changed = Job.objects.filter(pk=job.pk, status=job.status).update(
        status=status,
        attempts=0,
        due_at=Now(),
        hinted_at=Now(),
        cancel_requested=False,
        error="",
        finished_at=None,
        lease_token=None,
        lease_until=None,
    )
    job.refresh_from_db()
    if not changed:
        JOB.target(job.status, "retry", label=job.sqid)
    hint_after_commit(job)
    return job


def _insert(fields: dict[str, Any]) -> Job:
    key = fields["unique_key"]
    if not key:
        return Job.objects.create(**fields)
    while True:
        # The insert waits for a rival that has not committed yet, and then does nothing.
        Job.objects.bulk_create([Job(**fields)], ignore_conflicts=True)
        open_job = Job.objects.filter(unique_key=key, status__in=["queued", "running"]).first()
        if open_job is not None:
            return open_job


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    try:
        copy: dict[str, Any] = json.loads(json.dumps(dict(params), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"Job parameters must be plain JSON: {error}.", field="params") from None
    return copy
