"""Real processes, really killed: nothing is lost, and every job ends once."""

from __future__ import annotations

import signal
import threading

import pytest
from django.db import connection

from lodestock.eventstore.tests.support import in_threads, until
from lodestock.jobs import services
from lodestock.jobs.models import Job, JobTally
from lodestock.jobs.tests.kinds import traces
from lodestock.kernel.context import acting

# A worker is a whole program to start; on a busy machine that takes its time.
PATIENCE = 150
pytestmark = pytest.mark.timeout(400)


def status_of(job: Job) -> str:
    job.refresh_from_db()
    return job.status


def queue_length() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgmq.q_lodestock")
        return cursor.fetchone()[0]


def purge_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgmq.purge_queue('lodestock')")


def sweep_until(condition, *, patience_seconds=5):
    def step():
        services.sweep(patience_seconds=patience_seconds)
        return condition()

    return until(step, PATIENCE)


def test_a_worker_takes_a_job_from_the_embedded_queue(workers):
    group = workers()
    job = services.enqueue("test.steps", {"steps": 2})
    assert queue_length() == 1
    group.start()
    until(lambda: status_of(job) == "succeeded", PATIENCE)
    until(lambda: queue_length() == 0)
    assert traces(job.pk, "ended") == [1]


def test_kill_9_in_the_middle_of_a_job_another_worker_finishes_it_once(workers):
    group = workers()
    job = services.enqueue("test.steps", {"steps": 20, "seconds": 0.2})
    first = group.start("--no-events", "--no-beat")
    until(lambda: traces(job.pk, "began") == [1], PATIENCE)
    group.kill(first)
    assert status_of(job) == "running"
    group.start("--no-events", "--no-beat")
    sweep_until(lambda: status_of(job) == "succeeded")
    assert traces(job.pk, "began") == [1, 2]
    assert traces(job.pk, "ended") == [2]
    assert job.result == {"steps": 20, "attempt": 2}
    assert JobTally.objects.get(kind="test.steps").ended == 1


def test_a_lost_queue_loses_no_job(workers):
    group = workers()
    jobs = [services.enqueue("test.steps") for _ in range(20)]
    purge_queue()
    assert queue_length() == 0
    group.start("--no-events", "--no-beat")
    sweep_until(lambda: not Job.objects.exclude(status="succeeded").exists())
    assert all(traces(job.pk, "ended") == [1] for job in jobs)


def test_beat_inside_the_worker_sweeps_by_itself(workers):
    """Nobody but the worker process acts: its own timetable finds what was lost."""
    group = workers()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_celery_beat_intervalschedule SET every = 1")
    job = services.enqueue("test.steps")
    purge_queue()
    Job.objects.filter(pk=job.pk).update(hinted_at=None)
    group.start("--no-events")
    until(lambda: status_of(job) == "succeeded", PATIENCE)


def test_killing_workers_again_and_again_every_job_ends_exactly_once(workers):
    group = workers()
    jobs = [services.enqueue("test.steps", {"steps": 3, "seconds": 0.1}) for _ in range(12)]
    for _ in range(3):
        process = group.start("--no-events", "--no-beat")
        before = Job.objects.filter(status="succeeded").count()
        sweep_until(
            lambda n=before: (
                Job.objects.filter(status="succeeded").count() > n
                or Job.objects.filter(status="running").exists()
            )
        )
        group.kill(process)
    group.start("--no-events", "--no-beat")
    sweep_until(lambda: not Job.objects.exclude(status="succeeded").exists())
    assert JobTally.objects.get(kind="test.steps", status="succeeded").ended == len(jobs)
    assert all(len(traces(job.pk, "ended")) >= 1 for job in jobs)


def test_many_messages_for_one_job_carry_it_out_once(committing_db, hints):
    jobs = [services.enqueue("test.steps", {"steps": 2}) for _ in range(5)]
    barrier = threading.Barrier(8)

    def worker():
        barrier.wait()
        for job in jobs:
            services.execute(job.pk)

    in_threads(*[worker] * 8)
    assert all(traces(job.pk, "began") == [1] for job in jobs)
    assert JobTally.objects.get().ended == 5


def test_a_worker_ends_politely_and_leaves_its_job_to_itself_first(workers):
    group = workers()
    job = services.enqueue("test.steps", {"steps": 5, "seconds": 0.2})
    process = group.start()
    until(lambda: traces(job.pk, "began") == [1], PATIENCE)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert status_of(job) == "succeeded"


def test_log_lines_of_a_job_are_json_and_carry_the_chain_of_who_asked(workers):
    group = workers(LODESTOCK_LOG_FORMAT="json")
    with acting() as context:
        job = services.enqueue("test.steps")
    group.start()
    until(lambda: status_of(job) == "succeeded", PATIENCE)
    lines = until(lambda: [text for text in group.logs().splitlines() if "job.succeeded" in text])
    assert str(context.correlation_id) in lines[0]
    assert lines[0].startswith("{")
