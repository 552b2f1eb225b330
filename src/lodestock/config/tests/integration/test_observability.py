"""One correlation id per request, metrics for those inside, health for machines."""

from __future__ import annotations

import json
import logging
from uuid import uuid4

import pytest
import structlog
from django.db import DatabaseError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from rest_framework.test import APIClient

from lodestock.accounts.models import User
from lodestock.attention.tests.factories import a_case
from lodestock.config.env import BadSetting
from lodestock.config.observability import health, metrics, tracing
from lodestock.config.observability.correlation import HEADER, add_correlation
from lodestock.eventstore.models import Event
from lodestock.eventstore.tests.factories import make_parked_events
from lodestock.jobs import services as jobs
from lodestock.jobs.tests.factories import make_jobs
from lodestock.kernel.context import acting
from lodestock.kernel.models import History

STRANGER = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("owner", "owner@example.com", "correct horse battery")


@pytest.fixture
def lines(caplog):
    """The log lines of requests."""
    caplog.set_level(logging.INFO, logger="lodestock.request")
    return lambda: [record.msg for record in caplog.records if record.name == "lodestock.request"]


def test_the_clients_correlation_id_comes_back_and_stands_in_the_log_line(client, db, lines):
    chain = str(uuid4())
    answer = client.get("/api/v1/", headers={HEADER: chain})
    assert answer[HEADER] == chain
    line = lines()[-1]
    assert (line["correlation_id"], line["route"], line["method"]) == (chain, "/api/v1/", "GET")
    assert line["status"] == answer.status_code
    assert line["milliseconds"] > 0


@pytest.mark.parametrize("sent", ["", "not a uuid", "1" * 500])
def test_without_a_usable_one_a_new_id_is_made_for_each_request(client, db, sent):
    ids = {client.get("/api/v1/", headers={HEADER: sent})[HEADER] for _ in range(2)}
    assert len(ids) == 2


def test_one_id_stands_in_answer_event_and_history_of_a_request(superuser):
    case, chain = a_case(), uuid4()
    api = APIClient()
    api.force_authenticate(superuser)
    answer = api.post(
        f"/api/v1/exception-cases/{case.sqid}/acknowledge", headers={HEADER: str(chain)}
    )
    assert answer.status_code == 200
    event = Event.objects.get(event_type="ExceptionUpdated")
    assert (event.correlation_id, event.actor_id) == (chain, superuser.pk)
    change = History.objects.filter(table_name="attention_exceptioncase").latest("id")
    assert change.correlation_id == chain


def test_every_log_line_has_a_correlation_id_and_is_one_json_object(capsys):
    with acting() as context:
        event = add_correlation(None, "info", {"event": "x"})
    assert event["correlation_id"] == str(context.correlation_id)
    text = structlog.processors.JSONRenderer()(None, "info", event)
    assert json.loads(text)["event"] == "x"


def families(text: bytes) -> dict[str, list]:
    return {f.name: f.samples for f in text_string_to_metric_families(text.decode())}


def value(found, name, **labels) -> float:
    return next(s.value for s in found[name] if labels.items() <= s.labels.items())


def test_metrics_show_depth_lag_parked_events_durations_cases_and_latency(client, db, hints):
    client.get("/api/v1/")
    make_parked_events(2)
    make_jobs(1)
    job = jobs.enqueue("jobs.purge_finished")
    jobs.execute(job.pk)
    a_case()
    found = families(client.get("/metrics").content)
    assert value(found, "lodestock_jobs", state="scheduled") == 1
    assert value(found, "lodestock_jobs_ended", kind="jobs.purge_finished", status="succeeded") == 1
    assert value(found, "lodestock_job_duration_seconds", le="+Inf") == 1
    assert value(found, "lodestock_live_cases", severity="high") == 1
    assert value(found, "lodestock_events_placed") >= 2
    assert "lodestock_event_horizon_age_seconds" in found
    assert "lodestock_queue_messages" in found
    assert "django_http_requests_latency_seconds_by_view_method" in found
    assert "django_http_responses_total_by_status" in found
    assert all(sample.value == 0 for sample in found["lodestock_scrape_failed"])


def test_lag_and_parked_events_are_shown_by_subscription(db, settings):
    from lodestock.eventstore.subscriptions import Subscription

    settings.EVENT_SUBSCRIPTIONS = (Subscription("breaks", frozenset(), print),)
    make_parked_events(3)
    found = families(metrics.render())
    assert value(found, "lodestock_parked_events", subscription="breaks", state="waiting") == 3
    assert value(found, "lodestock_subscription_lag_events", subscription="breaks") == 0


def test_a_part_that_cannot_be_read_is_left_out_and_said(db, monkeypatch):
    def broken():
        raise DatabaseError("no such table")

    monkeypatch.setitem(metrics.PARTS, "jobs", broken)
    found = families(metrics.render())
    assert value(found, "lodestock_scrape_failed", part="jobs") == 1
    assert value(found, "lodestock_scrape_failed", part="events") == 0
    assert "lodestock_jobs" not in found


def test_metrics_are_not_for_strangers(db, superuser, settings):
    settings.METRICS_TOKEN = "a-token-of-some-length"
    outside = Client(**STRANGER)
    refused = outside.get("/metrics")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    behind_proxy = Client(headers={"X-Forwarded-For": "203.0.113.9"})
    assert behind_proxy.get("/metrics").status_code == 403
    for token, expected in ((settings.METRICS_TOKEN, 200), ("wrong", 403), ("", 403)):
        answer = outside.get("/metrics", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == expected
    outside.force_login(superuser)
    assert outside.get("/metrics").status_code == 200


def test_without_a_token_set_no_token_opens_the_door(db, settings):
    settings.METRICS_TOKEN = ""
    answer = Client(**STRANGER).get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403


def test_alive_needs_no_database(client):
    """No database fixture: a query would fail the test."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_ready_says_what_was_checked(client, db):
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    checks = answer.json()["checks"]
    assert set(checks) == {"database", "migrations", "partitions", "event_horizon", "broker"}
    assert checks["database"]["detail"].startswith("PostgreSQL")
    assert answer["Cache-Control"].startswith("max-age=0")


@pytest.mark.parametrize("broken", list(health.CHECKS))
def test_one_failing_check_makes_it_unready_and_names_it(client, db, monkeypatch, broken):
    def fails():
        raise ConnectionError("nobody there")

    monkeypatch.setitem(health.CHECKS, broken, fails)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    found = answer.json()["checks"][broken]
    assert (found["ok"], found["detail"]) == (False, "ConnectionError: nobody there")


def test_strangers_learn_only_whether_it_is_ready(db):
    checks = Client(**STRANGER).get("/readyz").json()["checks"]
    assert all(set(check) == {"ok"} for check in checks.values())


def test_a_missing_month_partition_and_an_old_horizon_are_found(db, monkeypatch):
    monkeypatch.setattr(health, "months_prepared", lambda: 1)
    assert health._partitions() == (
        False,
        "1 months of the ledger lie ahead; run 'lodestock ensure_partitions'",
    )
    late = health.eventstore.Horizon(5, 300.0, "process 17 (psql in db) writing for 300.0 s")
    monkeypatch.setattr(health.eventstore, "horizon", lambda: late)
    ok, detail = health._horizon()
    assert not ok
    assert "process 17" in detail


def test_an_unapplied_migration_is_named(db, monkeypatch):
    health._none_missing.cache_clear()
    monkeypatch.setattr(health, "_plan", lambda: ["sales.0099_later"])
    ok, detail = health._migrations()
    assert not ok
    assert detail == "not applied: sales.0099_later; run 'lodestock migrate'"


def test_tracing_without_its_packages_says_what_to_install(monkeypatch):
    monkeypatch.setattr(tracing, "_is_installed", lambda name: "celery" not in name)
    with pytest.raises(
        BadSetting, match=r"instrumentation\.celery cannot .* 'lodestock\[tracing\]'"
    ):
        tracing.start_tracing()


def test_log_lines_carry_the_span_when_there_is_one(monkeypatch):
    class Span:
        is_valid, trace_id, span_id = True, 0xABC, 0xDEF

        def get_span_context(self):
            return self

    class Trace:
        @staticmethod
        def get_current_span():
            return Span()

    monkeypatch.setitem(tracing.sys.modules, "opentelemetry.trace", Trace)
    event = tracing.add_trace(None, "info", {})
    assert event == {"trace_id": f"{0xABC:032x}", "span_id": f"{0xDEF:016x}"}
    monkeypatch.delitem(tracing.sys.modules, "opentelemetry.trace")
    assert tracing.add_trace(None, "info", {}) == {}


@pytest.fixture
def hints(monkeypatch):
    monkeypatch.setattr("lodestock.jobs.tasks.send_hint", lambda job_id, chain: None)


def test_scraping_costs_few_queries(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        metrics.render()
