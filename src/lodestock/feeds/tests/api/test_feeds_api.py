from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from rest_framework.test import APIClient

from lodestock.accounts.types import Role
from lodestock.feeds import ports
from lodestock.feeds.models import DriftReport, Import, QuarantinedRow
from lodestock.feeds.testing.company import sample_version, send
from lodestock.feeds.testing.mutations import Table
from lodestock.feeds.testing.sample_feed import CONTRACT_TEXT, SampleFeed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def work_at_once():
    """No background worker: what is asked for is done before the answer."""
    # Loading the addresses wires the program, also the background worker: let that be over.
    assert get_resolver().url_patterns
    later = ports.later()
    ports.use_later(None)
    yield
    ports.use_later(later)


def client_of(role: Role) -> APIClient:
    user = get_user_model().objects.create_user(username=role.value.lower().replace(" ", "_"))
    user.groups.add(Group.objects.get(name=role.value))
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def client() -> APIClient:
    return client_of(Role.INTEGRATOR)


def upload(client: APIClient, data: bytes, name: str = "week.csv", **more: object):
    file = SimpleUploadedFile(name, data, content_type="text/csv")
    return client.post(
        "/api/v1/imports", {"contract": "sample_orders", "file": file, **more}, format="multipart"
    )


def test_a_sent_file_is_stored_read_and_answered(client) -> None:
    sample_version()
    table = SampleFeed().week(0)
    response = upload(client, table.write())
    assert response.status_code == 201, response.content
    body = response.json()
    assert body["answer"]["rows"]["applied"] == len(table.rows)
    assert body["answer"]["sha256"] == Import.objects.get().raw_file.sha256


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [("run.exe", b"MZ", "accepted are"), ("a.pdf", b"%PDF", "accepted are")],
)
def test_other_kinds_of_files_are_refused(client, name, data, words) -> None:
    sample_version()
    response = upload(client, data, name)
    assert response.status_code == 400
    assert words in response.json()["detail"]
    assert not Import.objects.exists()


def test_an_unknown_feed_is_named(client) -> None:
    response = upload(client, b"a,b\n1,2\n")
    assert response.status_code == 404
    assert "sample_orders" in response.json()["detail"]


def test_who_may_only_look_may_not_send(client) -> None:
    sample_version()
    assert upload(client_of(Role.VIEW_ONLY), b"a,b\n1,2\n").status_code == 403


def test_a_contract_is_registered_with_all_its_mistakes_named(client) -> None:
    bad = client.post("/api/v1/contract-versions", {"text": "contract: x"}, format="json")
    assert bad.status_code == 400
    assert bad.json()["code"] == "contract_invalid"
    good = client.post("/api/v1/contract-versions", {"text": CONTRACT_TEXT}, format="json")
    assert good.status_code == 201, good.content
    assert good.json()["status"] == "active"


def drifted() -> tuple[DriftReport, Table]:
    version = sample_version()
    week = SampleFeed().week(0)
    send(version, week.write())
    rows = [[*row[:6], row[6].replace("/23", "/2023"), *row[7:]] for row in week.rows]
    send(version, Table(week.header, rows).write(), name="drifted.csv")
    return DriftReport.objects.get(), week


def test_a_drift_is_confirmed_and_the_file_replays(client) -> None:
    report, week = drifted()
    response = client.post(f"/api/v1/drift-reports/{report.sqid}/confirm", {}, format="json")
    assert response.status_code == 200, response.content
    assert response.json()["status"] == "confirmed"
    shown = client.get(f"/api/v1/imports/{report.batch.sqid}").json()
    assert shown["unchanged"] == len(week.rows)
    twice = client.post(f"/api/v1/drift-reports/{report.sqid}/confirm", {}, format="json")
    assert twice.status_code == 409
    assert twice.json()["code"] == "already_decided"


def test_a_drift_is_rejected(client) -> None:
    report, week = drifted()
    response = client.post(
        f"/api/v1/drift-reports/{report.sqid}/reject", {"note": "wrong export"}, format="json"
    )
    assert response.status_code == 200
    assert Import.objects.get(pk=report.batch_id).rejected == len(week.rows)


def test_a_quarantined_row_is_listed_fixed_and_replayed_once(client) -> None:
    table = SampleFeed().week(0)
    table.rows[1][3] = "two"
    send(sample_version(), table.write())
    (row,) = client.get("/api/v1/quarantined-rows?status=open").json()["results"]
    assert row["cells"][3] == "two"
    address = f"/api/v1/quarantined-rows/{row['sqid']}/fix"
    wrong = client.post(address, {"cells": {"quantity": "deux"}}, format="json")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "row_still_wrong")
    right = client.post(address, {"cells": {"quantity": "2"}}, format="json")
    assert right.json()["status"] == "replayed"
    assert client.post(address, {"cells": {"quantity": "2"}}, format="json").status_code == 409
    assert Import.objects.get().applied == len(table.rows)


def test_a_quarantined_row_is_rejected_with_a_reason(client) -> None:
    table = SampleFeed().week(0)
    table.rows[1][3] = "two"
    send(sample_version(), table.write())
    row = QuarantinedRow.objects.get()
    address = f"/api/v1/quarantined-rows/{row.sqid}/reject"
    assert client.post(address, {}, format="json").status_code == 400
    assert client.post(address, {"reason": "a test order"}, format="json").status_code == 200
    assert Import.objects.get().rejected == 1
