"""What travels through the broker: the key of a row, and the correlation id in the headers."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from . import services
from .broker.transport import CHAIN_HEADER

# Publishing happens after a commit, in front of a waiting user: better no hint than a long wait.
_SEND_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}


@shared_task(name="lodestock.jobs.run")
def run_job(job_id: int) -> None:
    """Carry out one job, if it is still due and nobody else has it."""
    services.execute(job_id)


@shared_task(name="lodestock.jobs.enqueue")
def enqueue_job(kind: str, params: dict[str, Any] | None = None) -> None:
    """For schedules: a job of this kind, unless one is already open."""
    services.enqueue(kind, params, unique_key=f"schedule:{kind}")


@shared_task(name="lodestock.jobs.sweep")
def sweep_jobs() -> None:
    """Tell workers again of what is due or was abandoned."""
    services.sweep()


def send_hint(job_id: int, correlation_id: str) -> None:
    """Publish the message for one row."""
    # Loading the application also makes it the one that shared tasks belong to.
    import_string(settings.JOB_CELERY_APP)
    run_job.apply_async(
        (job_id,),
        headers={CHAIN_HEADER: correlation_id},
        retry=True,
        retry_policy=_SEND_POLICY,
    )
