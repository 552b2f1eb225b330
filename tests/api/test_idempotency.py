"""A request sent twice is carried out once."""

from __future__ import annotations

import json
import threading
from uuid import uuid4

import pytest
from django.db import connections
from rest_framework.test import APIClient
from tests.api.resources import RESOURCES, actions

from lodestock.accounts.models import User
from lodestock.kernel.db import transaction
from lodestock.organisation.models import Calendar


@pytest.fixture
def body() -> dict[str, str]:
    return {"code": "SHIFT", "name": "Three shifts"}


def post(client: APIClient, body: dict[str, str], key: str):
    return client.post("/api/v1/calendars", body, headers={"Idempotency-Key": key})


def test_the_same_request_gets_the_same_answer_and_makes_one_row(api, body):
    first, again = post(api, body, "k1"), post(api, body, "k1")
    assert first.status_code == again.status_code == 201
    assert json.loads(first.content) == json.loads(again.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert Calendar.objects.filter(code="SHIFT").count() == 1


def test_another_body_under_the_same_key_is_refused(api, body):
    post(api, body, "k2")
    other = post(api, body | {"name": "Two shifts"}, "k2")
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"


def test_two_users_may_choose_the_same_key(api, body, client_of):
    post(api, body, "k3")
    theirs = post(client_of("Factory Admin"), {"code": "OTHER", "name": "x"}, "k3")
    assert theirs.status_code == 201


def test_a_refusal_keeps_nothing_so_that_the_request_may_succeed_later(api, body):
    assert post(api, {"code": "SHIFT"}, "k4").status_code == 400
    assert post(api, {"code": "SHIFT"}, "k4").status_code == 400
    assert post(api, body, "k4").status_code == 201


@pytest.mark.parametrize("key", ["x" * 256, "käse", "a b"])
def test_an_unusable_key_is_refused(api, body, key):
    answer = api.post("/api/v1/calendars", body, HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 400
    assert answer.json()["field"] == "Idempotency-Key"


def test_a_secret_is_shown_once(api):
    body = {"name": "scanner"}
    first = api.post("/api/v1/api-keys", body, headers={"Idempotency-Key": "k5"}).json()
    again = json.loads(
        api.post("/api/v1/api-keys", body, headers={"Idempotency-Key": "k5"}).content
    )
    assert first["secret"].startswith("lsk_")
    assert again == first | {"secret": None}


@pytest.mark.parametrize("resource", RESOURCES, ids=str)
def test_every_post_looks_at_the_key_before_it_works(api, resource):
    """An unusable key stops the request before the row is looked up or the body is read."""
    for other, action, method, path in actions():
        if other is resource and method == "post":
            address = path.replace("{sqid}", "zzzzzz")
            answer = api.post(address, {}, headers={"Idempotency-Key": "not possible"})
            assert answer.status_code == 400, action
            assert answer.json()["field"] == "Idempotency-Key", action


def test_a_request_that_is_still_being_carried_out_is_not_started_again(committing_db, body):
    user = User.objects.create_superuser("owner", "owner@example.com", "correct horse battery")
    client = APIClient()
    client.force_authenticate(user)
    key, started, release = str(uuid4()), threading.Event(), threading.Event()

    def hold() -> None:
        from lodestock.eventstore.services import idempotency_store

        try:
            with transaction():
                idempotency_store.begin(
                    principal=f"user:{user.pk}",
                    route="/api/v1/calendars",
                    key=key,
                    request_hash="0" * 64,
                )
                started.set()
                release.wait(10)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert started.wait(10)
        answer = post(client, body, key)
    finally:
        release.set()
        holder.join()
    assert answer.status_code == 409
    assert answer.json()["code"] == "request_in_progress"
    assert int(answer.headers["Retry-After"]) >= 1
