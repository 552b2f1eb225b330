"""One error shape for everything that goes wrong."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from lodestock.kernel.api.problem_list import known_problems
from lodestock.organisation.api.views import CalendarViewSet
from lodestock.organisation.models import Calendar, Site
from lodestock.organisation.tests.factories import a_site

MEMBERS = {"type", "title", "status", "code", "detail", "correlation_id"}


def assert_problem(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() >= MEMBERS
    assert body["code"] == code
    assert body["status"] == status
    assert body["type"] == f"/api/v1/problems/{code}"
    assert answer.headers["X-Correlation-ID"] == body["correlation_id"]
    return body


def test_an_anonymous_caller_is_told_to_sign_in(anonymous):
    answer = anonymous.get("/api/v1/sites")
    assert_problem(answer, 401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_missing_permission_is_named(client_of):
    body = assert_problem(
        client_of("Operator").post("/api/v1/calendars", {"code": "X", "name": "X"}),
        403,
        "forbidden",
    )
    assert body["permission"] == "organisation.add_calendar"


def test_an_unknown_address_is_a_problem_too(api):
    assert_problem(api.get("/api/v1/nothing/here"), 404, "not_found")


def test_an_unknown_row_is_a_problem(api):
    assert_problem(api.get("/api/v1/sites/zzzzzz"), 404, "not_found")


@pytest.mark.parametrize("text", ["{", "[1, 2", '{"a": NaN}', "[" * 100_000])
def test_a_body_that_is_no_json_is_refused(api, text):
    answer = api.post("/api/v1/calendars", text, content_type="application/json")
    assert_problem(answer, 400, "parse_error")


def test_a_body_of_another_type_is_refused(api):
    answer = api.post("/api/v1/calendars", "<a/>", content_type="application/xml")
    assert_problem(answer, 415, "unsupported_media_type")


def test_a_body_that_is_a_list_is_refused(api):
    body = assert_problem(api.post("/api/v1/calendars", [1], format="json"), 400, "invalid_input")
    assert body["errors"]


def test_a_method_that_is_not_possible_is_refused(api):
    assert_problem(api.put("/api/v1/calendars", {}), 405, "method_not_allowed")


def test_a_body_that_is_too_large_is_refused(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = api.post(
        "/api/v1/calendars", {"code": "A", "name": "x" * 200}, headers={"Idempotency-Key": "big"}
    )
    assert_problem(answer, 413, "too_large")


def test_every_mistake_is_listed_with_its_place(api):
    body = assert_problem(
        api.post("/api/v1/sites", {"code": "A", "currency": "nope", "unknown": 1}),
        400,
        "invalid_input",
    )
    assert body["field"] == "unknown"
    assert "known are: code, name" in body["detail"]
    body = api.post("/api/v1/sites", {"code": "A", "currency": "nope", "time_zone": "Mars"}).json()
    assert {error["field"] for error in body["errors"]} == {"name", "currency", "time_zone"}


def test_a_duplicate_that_only_the_database_sees_is_a_conflict(api, monkeypatch):
    a_site("A")
    currency = Site.objects.get(code="A").currency.sqid
    serializer = "lodestock.organisation.api.serializers.SiteSerializer"
    monkeypatch.setattr(f"{serializer}.get_validators", lambda self: [])
    monkeypatch.setattr(f"{serializer}.build_standard_field", _without_unique_check(serializer))
    answer = api.post("/api/v1/sites", {"code": "A", "name": "A", "currency": currency})
    body = assert_problem(answer, 409, "duplicate")
    assert body["field"] == "code"
    assert body["detail"] == "There already is a site with this code."
    assert "INSERT" not in answer.content.decode()


def _without_unique_check(name: str):
    from django.utils.module_loading import import_string

    original = import_string(name).build_standard_field

    def build(self, field_name, model_field):
        field_class, kwargs = original(self, field_name, model_field)
        kwargs.pop("validators", None)
        return field_class, kwargs

    return build


@pytest.mark.parametrize(
    ("statement", "status", "code"),
    [
        ("INSERT INTO organisation_currency (code, name, minor_unit) VALUES ('XQZ', 'x', 9)",
         400, "rule_broken"),
        ("INSERT INTO organisation_currency (code, minor_unit) VALUES ('XQZ', 2)",
         400, "invalid_input"),
        ("INSERT INTO organisation_department (site_id, code, name) VALUES (-1, 'A', 'A')",
         409, "still_referenced"),
        ("SELECT 1 / 0", 400, "invalid_input"),
        ("DELETE FROM organisation_currency", 409, "conflict"),
        ("SELECT 'x'::date", 400, "invalid_input"),
    ],
)  # fmt: skip
def test_what_the_database_refuses_is_explained_without_sql(
    api, monkeypatch, statement, status, code
):
    def break_it(self, principal):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return Calendar.objects.all()

    monkeypatch.setattr(CalendarViewSet, "visible_to", break_it)
    answer = api.get("/api/v1/calendars")
    body = assert_problem(answer, status, code)
    assert not {"SELECT", "INSERT", "DELETE"} & set(body["detail"].split())


def test_a_fault_of_ours_is_logged_and_shows_nothing(superuser, monkeypatch, caplog):
    monkeypatch.setattr(
        CalendarViewSet, "visible_to", lambda self, principal: {}["a secret detail"]
    )
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(superuser)
    answer = client.get("/api/v1/calendars")
    assert_problem(answer, 500, "internal_error")
    assert b"secret" not in answer.content
    assert "a secret detail" in caplog.text


def test_the_correlation_id_of_the_caller_comes_back(api):
    given = str(uuid4())
    answer = api.get("/api/v1/sites", headers={"X-Correlation-ID": given})
    assert answer.headers["X-Correlation-ID"] == given


def test_the_trace_id_of_a_traceparent_becomes_the_correlation_id(api):
    trace = uuid4().hex
    answer = api.get("/api/v1/sites", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert answer.headers["X-Correlation-ID"].replace("-", "") == trace


def test_a_correlation_id_that_is_none_is_replaced(api):
    answer = api.get("/api/v1/sites", headers={"X-Correlation-ID": "'; DROP TABLE x"})
    assert answer.headers["X-Correlation-ID"] != "'; DROP TABLE x"


def test_the_history_keeps_the_correlation_id_and_the_reason(api):
    given = str(uuid4())
    headers = {"X-Correlation-ID": given, "X-Reason": "night shift"}
    made = api.post("/api/v1/calendars", {"code": "N", "name": "Night"}, headers=headers).json()
    entry = api.get(f"/api/v1/calendars/{made['sqid']}/history").json()["results"][0]
    assert entry["correlation_id"] == given
    assert entry["reason"] == "night shift"


def test_every_problem_code_is_explained_where_its_type_points(db):
    for row in known_problems():
        answer = Client().get(f"/api/v1/problems/{row['code']}")
        assert answer.json() == row
        assert row["meaning"]
