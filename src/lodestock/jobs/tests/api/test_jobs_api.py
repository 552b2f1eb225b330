"""Jobs over HTTP: one's own, or all for those who manage them."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from lodestock.accounts.services import create_user
from lodestock.jobs import services
from lodestock.jobs.tests.factories import a_job
from lodestock.kernel.context import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def picker():
    return create_user(username="pia", password="correct horse battery", roles=["Picker"])


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def someone(role, name="someone"):
    return client_of(create_user(username=name, password="correct horse battery", roles=[role]))


def test_people_see_their_own_jobs_and_managers_see_all(picker):
    with acting(actor_id=picker.pk):
        own = a_job()
    other = a_job()
    listed = client_of(picker).get("/api/v1/jobs").json()["results"]
    assert [row["sqid"] for row in listed] == [own.sqid]
    assert client_of(picker).get(f"/api/v1/jobs/{other.sqid}").status_code == 404
    assert someone("Plant Manager").get("/api/v1/jobs").json()["count"] == 2


def test_a_job_shows_how_it_ended_without_parameters_or_traceback(picker, hints):
    with acting(actor_id=picker.pk):
        job = services.enqueue("test.broken", {"variant_id": 17})
    services.execute(job.pk)
    shown = client_of(picker).get(f"/api/v1/jobs/{job.sqid}").json()
    assert (shown["status"], shown["error"]) == ("failed", "ValueError: this will never work")
    assert "params" not in shown
    assert shown["actor"] == picker.sqid


def test_cancel_and_retry(picker, hints):
    with acting(actor_id=picker.pk):
        job = services.enqueue("test.steps")
    client = client_of(picker)
    cancelled = client.post(f"/api/v1/jobs/{job.sqid}/cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    again = client.post(f"/api/v1/jobs/{job.sqid}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
    retried = client.post(f"/api/v1/jobs/{job.sqid}/retry")
    assert retried.json()["status"] == "queued"


def test_an_auditor_looks_and_changes_nothing(hints):
    job = a_job()
    auditor = someone("Auditor")
    assert auditor.get("/api/v1/jobs").json()["count"] == 1
    assert auditor.post(f"/api/v1/jobs/{job.sqid}/cancel").status_code == 403
