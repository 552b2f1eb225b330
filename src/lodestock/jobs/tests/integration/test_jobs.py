"""The life of a job in the row: enqueue, lease, progress, ends, retries, cancelling, sweeping."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lodestock.jobs import ports, selectors, services
from lodestock.jobs.errors import LeaseLost, UnknownKind
from lodestock.jobs.models import Job
from lodestock.jobs.ports import JobKind
from lodestock.jobs.services.housekeeping import Swept
from lodestock.jobs.services.lease import renew, take
from lodestock.jobs.services.report import JobRun
from lodestock.jobs.tests.kinds import traces
from lodestock.kernel import clock
from lodestock.kernel.context import acting, current
from lodestock.kernel.db import transaction as kernel_transaction
from lodestock.kernel.errors import IllegalTransition, InvalidInput

pytestmark = pytest.mark.django_db


def register(monkeypatch, name, handler, **options):
    monkeypatch.setitem(ports.registry.kinds, name, JobKind(name, handler, **options))


def age_lease(job):
    Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def due_now(job):
    Job.objects.filter(pk=job.pk).update(due_at=clock.now() - timedelta(seconds=1))


def test_a_job_runs_once_and_keeps_its_result(hints):
    job = services.enqueue("test.steps", {"steps": 3})
    assert services.execute(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == ("succeeded", {"steps": 3, "attempt": 1})
    assert (job.progress_done, job.progress_total, job.progress_message) == (2, 3, "step 2")
    assert job.started_at <= job.finished_at
    assert (job.lease_token, job.lease_until) == (None, None)
    assert not services.execute(job.pk), "a second message finds nothing to do"
    assert traces(job.pk, "ended") == [1]


def test_the_hint_goes_out_after_the_commit_and_not_after_a_rollback(
    hints, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = services.enqueue("test.steps")
        assert hints == []
    assert hints == [job.pk]

    def fails():
        with kernel_transaction():
            services.enqueue("test.steps")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert Job.objects.count() == 1


def test_a_broker_that_is_away_costs_time_not_the_job(
    monkeypatch, django_capture_on_commit_callbacks
):
    def away(job_id, chain):
        raise ConnectionError("no broker")

    monkeypatch.setattr("lodestock.jobs.tasks.send_hint", away)
    with django_capture_on_commit_callbacks(execute=True):
        job = services.enqueue("test.steps")
    sent: list[int] = []
    monkeypatch.setattr("lodestock.jobs.tasks.send_hint", lambda job_id, chain: sent.append(job_id))
    assert services.sweep().sent == 1, "at once: the row knows that its hint failed"
    assert sent == [job.pk]


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(UnknownKind, match=r"no kind of job 'test.stpes'; known are: .*test\.steps"):
        services.enqueue("test.stpes")


@pytest.mark.parametrize("params", [{"x": object()}, {"x": float("inf")}, {1: {2, 3}}])
def test_parameters_that_are_no_json_are_refused(params):
    with pytest.raises(InvalidInput, match="plain JSON"):
        services.enqueue("test.steps", params)


def test_actor_and_chain_of_the_asker_are_those_of_the_handler(hints, monkeypatch):
    seen = []
    register(monkeypatch, "test.who", lambda run: seen.append(current()))
    chain = uuid4()
    with acting(actor_id=7, correlation_id=chain):
        job = services.enqueue("test.who")
    services.execute(job.pk)
    assert (seen[0].actor_id, seen[0].correlation_id) == (7, chain)
    assert [one.pk for one in selectors.jobs_of_chain(chain)] == [job.pk]


def test_a_passing_fault_is_tried_again_later_with_backoff(hints, monkeypatch):
    register(monkeypatch, "test.slowly", ports.registry.get("test.flaky").handler, max_attempts=3)
    job = services.enqueue("test.slowly", {"works_at": 3})
    waits = []
    for _ in range(2):
        services.execute(job.pk)
        job.refresh_from_db()
        assert job.status == "queued"
        waits.append((job.due_at - clock.now()).total_seconds())
        assert not services.execute(job.pk), "not before it is due"
        due_now(job)
    assert 1.5 < waits[0] < 2.3
    assert 5.5 < waits[1] < 6.3
    services.execute(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.error) == ("succeeded", 3, "")


def test_when_the_attempts_are_used_up_the_job_fails_with_the_last_error(hints):
    job = services.enqueue("test.flaky", {"works_at": 9})
    for _ in range(3):
        due_now(job)
        services.execute(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("failed", 3)
    assert "TransientError: not yet, attempt 3" in job.error


def test_any_other_error_fails_the_job_at_once_and_can_be_retried_by_hand(hints):
    job = services.enqueue("test.broken")
    services.execute(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("failed", 1)
    assert "ValueError: this will never work" in job.error
    services.retry(job)
    assert (job.status, job.attempts, job.error) == ("queued", 0, "")
    with pytest.raises(IllegalTransition, match="'retry' is not possible"):
        services.retry(job)


def test_only_one_of_two_workers_gets_the_lease(hints):
    job = services.enqueue("test.steps")
    first = take(job.pk, 30)
    assert first is not None
    assert take(job.pk, 30) is None
    assert renew(job.pk, first, 30)
    assert not renew(job.pk, uuid4(), 30)


def test_an_abandoned_job_is_taken_over_and_the_late_worker_cannot_end_it(hints):
    job = services.enqueue("test.steps")
    late = JobRun(Job.objects.get(pk=job.pk), take(job.pk, 30))
    age_lease(job)
    assert services.execute(job.pk), "taken over"
    with pytest.raises(LeaseLost):
        late.progress(1)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.result["attempt"]) == ("succeeded", 2, 2)


def test_a_job_whose_worker_dies_every_time_is_given_up(hints):
    job = services.enqueue("test.steps")
    for _ in range(4):
        assert take(job.pk, 30)
        age_lease(job)
    services.execute(job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert job.error == "The worker died during each of 4 attempts."


def test_a_waiting_job_is_cancelled_at_once(hints):
    job = services.cancel(services.enqueue("test.steps"))
    assert job.status == "cancelled"
    assert not services.execute(job.pk)
    with pytest.raises(IllegalTransition):
        services.cancel(job)


def test_a_running_job_stops_at_its_next_report(hints, monkeypatch):
    reached = []

    def handler(run):
        services.cancel(Job.objects.get(pk=run.job_id))
        reached.append("before")
        run.progress(1)
        reached.append("after")

    register(monkeypatch, "test.cancelled", handler)
    job = services.enqueue("test.cancelled")
    services.execute(job.pk)
    job.refresh_from_db()
    assert (job.status, reached) == ("cancelled", ["before"])


def test_a_cancelled_job_whose_worker_died_is_closed_by_the_sweeper(hints):
    job = services.enqueue("test.steps")
    take(job.pk, 30)
    services.cancel(job)
    assert job.status == "running"
    age_lease(job)
    services.sweep()
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_with_a_unique_key_an_open_job_is_returned_instead_of_a_second(hints):
    first = services.enqueue("test.steps", unique_key="nightly")
    again = services.enqueue("test.steps", unique_key="nightly")
    assert first.pk == again.pk
    services.execute(first.pk)
    assert services.enqueue("test.steps", unique_key="nightly").pk != first.pk


def test_the_database_refuses_two_open_jobs_with_one_key(hints):
    services.enqueue("test.steps", unique_key="only")
    with pytest.raises(IntegrityError, match="job_unique_while_open"), transaction.atomic():
        Job.objects.create(kind="x", unique_key="only", correlation_id=uuid4())


def test_the_sweeper_tells_again_of_what_was_lost_but_not_of_what_was_just_told(hints):
    lost = services.enqueue("test.steps")
    services.enqueue("test.steps")
    later = services.enqueue("test.steps", due_at=clock.now() + timedelta(hours=1))
    Job.objects.filter(pk=lost.pk).update(hinted_at=clock.now() - timedelta(minutes=5))
    assert services.sweep().sent == 1
    assert hints == [lost.pk]
    assert services.sweep().sent == 0, "patience"
    due_now(later)
    assert services.sweep().sent == 1
    assert hints == [lost.pk, later.pk]


def test_the_sweeper_finds_abandoned_jobs(hints):
    job = services.enqueue("test.steps")
    take(job.pk, 30)
    Job.objects.update(hinted_at=None)
    assert services.sweep().sent == 0, "somebody works on it"
    age_lease(job)
    assert services.sweep() == Swept(sent=1, abandoned=1)


def test_ended_jobs_are_forgotten_after_a_month(hints):
    old, fresh = services.enqueue("test.steps"), services.enqueue("test.steps")
    waiting = services.enqueue("test.steps")
    for job in (old, fresh):
        services.execute(job.pk)
    Job.objects.filter(pk=old.pk).update(finished_at=clock.now() - timedelta(days=31))
    assert services.purge_finished() == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {fresh.pk, waiting.pk}


def test_a_kind_this_program_does_not_know_fails_with_a_hint(hints):
    job = Job.objects.create(kind="future.kind", correlation_id=uuid4())
    services.execute(job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert "knows no jobs of kind 'future.kind'" in job.error


def test_the_backlog_counts_what_waits_runs_and_was_abandoned(hints):
    for _ in range(3):
        services.enqueue("test.steps")
    services.enqueue("test.steps", due_at=clock.now() + timedelta(hours=1))
    running, dead = services.enqueue("test.steps"), services.enqueue("test.steps")
    take(running.pk, 30)
    take(dead.pk, 30)
    age_lease(dead)
    found = selectors.backlog()
    assert (found.due, found.scheduled, found.running, found.abandoned) == (3, 1, 1, 1)


def test_ends_are_counted_by_kind_with_their_durations(hints):
    for kind in ("test.steps", "test.steps", "test.broken"):
        services.execute(services.enqueue(kind).pk)
    counted = {(t.kind, t.status): (t.ended, sum(t.buckets)) for t in selectors.tallies()}
    assert counted == {("test.steps", "succeeded"): (2, 2), ("test.broken", "failed"): (1, 1)}


def test_reports_between_two_half_seconds_are_not_written_but_the_last_one_is(
    hints, monkeypatch, django_assert_max_num_queries
):
    def handler(run):
        for step in range(1000):
            run.progress(step, 1000)

    register(monkeypatch, "test.chatty", handler)
    job = services.enqueue("test.chatty")
    with django_assert_max_num_queries(20):
        services.execute(job.pk)
    job.refresh_from_db()
    assert job.progress_done == 999


def test_a_cancellation_that_comes_too_late_for_a_report_still_counts(hints, monkeypatch):
    def handler(run):
        run.progress(1)
        run.progress(2)
        services.cancel(Job.objects.get(pk=run.job_id))

    register(monkeypatch, "test.late", handler)
    job = services.enqueue("test.late")
    services.execute(job.pk)
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_two_handlers_for_one_kind_are_refused():
    with pytest.raises(ValueError, match="Two handlers"):
        ports.registry.add(JobKind("test.steps", lambda run: None))
