"""The Celery application: ``lodestock.config.celery.app``.

The broker is BROKER_URL (RabbitMQ, Redis), or without one the queue in our own PostgreSQL. There is
no result backend: how a job ended stands in its row.
"""

from __future__ import annotations

from typing import Any

import structlog
from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun
from django.apps import apps
from django.conf import settings

from lodestock.config.cli import prepare_process
from lodestock.jobs import ports

if not apps.ready:
    # Started by the `celery` command instead of by ours.
    prepare_process(["worker"])
ports.register_embedded_broker()

# Longer than any task may run: the lease would refuse a message that comes back earlier.
VISIBILITY_TIMEOUT_SECONDS = 7 * 60 * 60

app = Celery("lodestock")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.broker_url = settings.BROKER_URL or ports.EMBEDDED_BROKER_URL
app.conf.broker_transport_options = {"visibility_timeout": VISIBILITY_TIMEOUT_SECONDS}
if not settings.BROKER_URL:
    app.conf.broker_transport_options |= {"wait_time_seconds": 1, "poll_interval_ms": 60}
    app.conf.broker_pool_limit = 2
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Celery would replace the handlers; Django has configured them already."""


@task_prerun.connect
def bind_chain(task: Any = None, **kwargs: Any) -> None:
    """Every log line of a task carries the correlation id that travelled in its headers."""
    chain = getattr(task.request, ports.MESSAGE_CHAIN_HEADER, None)
    if chain:
        structlog.contextvars.bind_contextvars(correlation_id=chain)


@task_postrun.connect
def unbind_chain(**kwargs: Any) -> None:
    """The next task in this thread is another chain of work."""
    structlog.contextvars.unbind_contextvars("correlation_id")
