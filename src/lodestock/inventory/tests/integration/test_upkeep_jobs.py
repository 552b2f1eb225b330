"""The ledger's upkeep as jobs: it runs, and a difference becomes a case."""

from __future__ import annotations

import pytest

from lodestock.attention.selectors import live_case
from lodestock.inventory import tasks
from lodestock.inventory.verification import Difference, Report
from lodestock.jobs import services as jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hints(monkeypatch):
    monkeypatch.setattr("lodestock.jobs.tasks.send_hint", lambda job_id, chain: None)


def ended(kind: str):
    job = jobs.enqueue(kind)
    jobs.execute(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("kind", ["inventory.expire_reservations", "inventory.verify_ledger"])
def test_upkeep_runs_as_a_job(kind):
    job = ended(kind)
    assert (job.status, job.error) == ("succeeded", "")


def test_partitions_are_made_ahead_by_a_job():
    assert ended("inventory.ensure_partitions").result["months_ahead"] >= 2


def test_a_difference_opens_a_critical_case_and_fails_the_job(monkeypatch):
    broken = Report("incremental", differences=[Difference("balances", "BX-204", "9", "12")])
    monkeypatch.setattr(tasks, "verify", lambda incremental: broken)
    job = ended("inventory.verify_ledger")
    assert job.status == "failed"
    case = live_case(tasks.RULE, tasks.LEDGER, "")
    assert (case.severity, case.evidence["differences"][0]["subject"]) == ("critical", "BX-204")
    monkeypatch.undo()
    monkeypatch.setattr("lodestock.jobs.tasks.send_hint", lambda job_id, chain: None)
    ended("inventory.verify_ledger")
    assert live_case(tasks.RULE, tasks.LEDGER, "") is None
