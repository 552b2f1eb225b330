"""Cases over HTTP."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from lodestock.accounts.services import create_user
from lodestock.attention.tests.factories import a_case

pytestmark = pytest.mark.django_db


def client_of(role: str) -> APIClient:
    client = APIClient()
    name = role.lower().replace(" ", "-")
    client.user = create_user(username=name, password="correct horse battery", roles=[role])
    client.force_authenticate(client.user)
    return client


def test_a_case_travels_from_open_to_closed():
    case, client = a_case(), client_of("Purchaser")
    address = f"/api/v1/exception-cases/{case.sqid}"
    assert client.post(f"{address}/acknowledge").json()["status"] == "acknowledged"
    owner = client.user.sqid
    assert client.post(f"{address}/assign", {"owner": owner}).json()["owner"] == owner
    assert client.post(f"{address}/start").json()["status"] == "in_progress"
    closed = client.post(f"{address}/resolve", {"resolution": "fixed", "note": "Asked them."})
    assert (closed.status_code, closed.json()["status"]) == (200, "closed")
    assert closed.json()["resolution_note"] == "Asked them."
    late = client.post(f"{address}/start")
    assert (late.status_code, late.json()["code"]) == (409, "illegal_transition")
    changes = client.get(f"{address}/history").json()["results"]
    assert len(changes) >= 5


def test_an_unknown_resolution_is_refused_with_the_known_ones():
    case = a_case()
    answer = client_of("Purchaser").post(
        f"/api/v1/exception-cases/{case.sqid}/resolve", {"resolution": "gone"}
    )
    assert answer.status_code == 400
    assert "false_alarm" in str(answer.json())


def test_lists_filter_by_status_severity_and_rule():
    a_case()
    a_case(subject_id=8, severity="low")
    client = client_of("View Only")
    for query, expected in (
        ({"severity": "low"}, 1),
        ({"severity__in": "low,high"}, 2),
        ({"status": "closed"}, 0),
        ({"rule": "feeds.drift"}, 2),
        ({"search": "Date pattern"}, 2),
    ):
        assert client.get("/api/v1/exception-cases", query).json()["count"] == expected, query


@pytest.mark.parametrize("role", ["View Only", "Auditor"])
def test_who_only_looks_takes_no_steps(role):
    case, client = a_case(), client_of(role)
    assert client.get(f"/api/v1/exception-cases/{case.sqid}").status_code == 200
    assert client.post(f"/api/v1/exception-cases/{case.sqid}/acknowledge").status_code == 403


def test_suppliers_see_no_cases():
    assert client_of("Supplier").get("/api/v1/exception-cases").status_code == 403
