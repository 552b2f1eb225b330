"""Files of records: uploaded, found, downloaded, and only by those who see the record."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from lodestock.accounts.tests.factories import a_superuser, a_user
from lodestock.accounts.types import Role
from lodestock.organisation import subjects
from lodestock.organisation.tests.factories import a_site


@pytest.fixture
def api(db) -> APIClient:
    client = APIClient()
    client.force_authenticate(a_superuser())
    return client


def upload(api: APIClient, name: str = "plan.pdf", content: bytes = b"%PDF-1.7", **changes):
    body = {
        "subject_type": "organisation.site",
        "subject": a_site().sqid,
        "file": SimpleUploadedFile(name, content, content_type="text/html"),
    }
    headers = {"Idempotency-Key": changes.pop("key")} if "key" in changes else {}
    return api.post("/api/v1/attachments", body | changes, format="multipart", headers=headers)


def test_a_file_comes_back_as_it_went_in_and_as_a_download(api):
    made = upload(api).json()
    assert made["media_type"] == "application/pdf"
    answer = api.get(f"/api/v1/attachments/{made['sqid']}/content")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_upload_sent_twice_is_one_file(api):
    first, again = upload(api, key="up"), upload(api, key="up")
    assert first.json()["sqid"] in again.content.decode()
    assert upload(api, content=b"%PDF-other", key="up").status_code == 422
    assert api.get("/api/v1/attachments").json()["count"] == 1


@pytest.mark.parametrize("name", ["page.html", "program.exe", "image.svg"])
def test_what_a_browser_could_run_is_refused(api, name):
    answer = upload(api, name=name)
    assert answer.status_code == 400
    assert answer.json()["field"] == "file"


def test_a_subject_that_nobody_registered_is_refused(api):
    answer = upload(api, subject_type="accounts.user")
    assert answer.json()["field"] == "subject_type"


def test_a_subject_that_does_not_exist_is_refused(api):
    assert upload(api, subject="zzzzzz").status_code == 404


def test_who_does_not_see_the_record_does_not_see_its_files(api, monkeypatch):
    made = upload(api).json()
    viewer = APIClient()
    viewer.force_authenticate(a_user("vera", Role.VIEW_ONLY))
    address = f"/api/v1/attachments/{made['sqid']}/content"
    assert viewer.get(address).status_code == 200
    monkeypatch.setattr(subjects, "_subjects", {})
    subjects.register_subject("organisation.site", lambda _: type(a_site()).objects.none())
    assert viewer.get(address).status_code == 404
    assert viewer.get("/api/v1/attachments").json()["count"] == 0
