"""The same jobs over RabbitMQ and Redis, where such a server is at hand."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

import kombu
import pytest

from lodestock.eventstore.tests.support import until
from lodestock.jobs import services
from lodestock.jobs.models import Job
from lodestock.jobs.tests.kinds import traces

pytestmark = [pytest.mark.external, pytest.mark.timeout(400)]

BROKERS = {
    "rabbitmq": os.environ.get("LODESTOCK_TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//"),
    "redis": os.environ.get("LODESTOCK_TEST_REDIS_URL", "redis://127.0.0.1:6379/9"),
}


@pytest.fixture(params=sorted(BROKERS))
def broker(request) -> str:
    """The address of a broker with an empty queue of ours."""
    url = BROKERS[request.param]
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port), timeout=1).close()
    except OSError:
        pytest.skip(f"no {request.param} answers at {parts.hostname}:{parts.port}")
    purge(url)
    return url


def purge(url: str) -> int:
    """Throw away every message, as a broker that lost its disk would."""
    with kombu.Connection(url) as connection:
        queue = kombu.Queue("lodestock", channel=connection.default_channel)
        queue.declare()
        return queue.purge()


def publish(url: str, job: Job) -> None:
    """Send the hint to this broker; the test's own process is set up for another one."""
    from lodestock.config.celery import app

    with kombu.Connection(url) as connection:
        app.send_task("lodestock.jobs.run", (job.pk,), queue="lodestock", connection=connection)


def test_a_job_travels_and_ends(workers, hints, broker):
    group = workers(BROKER_URL=broker)
    jobs = [services.enqueue("test.steps") for _ in range(5)]
    for job in jobs:
        publish(broker, job)
    group.start("--no-events", "--no-beat")
    until(lambda: not Job.objects.exclude(status="succeeded").exists(), 150)
    assert all(traces(job.pk, "ended") == [1] for job in jobs)


def test_a_broker_that_lost_its_queue_loses_no_job(workers, hints, broker):
    group = workers(BROKER_URL=broker)
    job = services.enqueue("test.steps")
    publish(broker, job)
    assert purge(broker) == 1
    group.start("--no-events", "--no-beat")

    def told_again():
        services.sweep(patience_seconds=5)
        for key in set(hints):
            publish(broker, Job.objects.get(pk=key))
        job.refresh_from_db()
        return job.status == "succeeded"

    until(told_again, 150)


def test_kill_9_and_another_worker_finishes(workers, hints, broker):
    group = workers(BROKER_URL=broker)
    job = services.enqueue("test.steps", {"steps": 20, "seconds": 0.2})
    publish(broker, job)
    first = group.start("--no-events", "--no-beat")
    until(lambda: traces(job.pk, "began") == [1], 150)
    group.kill(first)
    group.start("--no-events", "--no-beat")

    def finished():
        if services.sweep(patience_seconds=5).sent:
            publish(broker, job)
        job.refresh_from_db()
        return job.status == "succeeded"

    until(finished, 150)
    assert traces(job.pk, "ended") == [2]
