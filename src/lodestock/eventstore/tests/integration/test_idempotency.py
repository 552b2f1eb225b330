"""Same key and body: same answer. Same key, other body: refused. Kept for more than seven days."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from lodestock.eventstore.models import IdempotencyKey
from lodestock.eventstore.services import idempotency_store, purge_idempotency
from lodestock.kernel import clock
from lodestock.kernel.api.idempotency import Answer, IdempotencyKeyReused
from lodestock.kernel.db import transaction

pytestmark = pytest.mark.django_db

ANSWER = Answer(201, b'{"id":"Dk3mV9"}', headers={"Location": "/api/v1/orders/Dk3mV9"})


def request(key="k-1", principal="user:1", route="POST /api/v1/orders", body=b"{}"):
    digest = hashlib.sha256(body).hexdigest()
    return {"principal": principal, "route": route, "key": key}, digest


def carry_out(answer=ANSWER, **changes):
    """What the API does: claim, work, store. Returns the stored answer of an earlier request."""
    who, digest = request(**changes)
    with transaction():
        earlier = idempotency_store.begin(**who, request_hash=digest)
        if earlier is None:
            idempotency_store.finish(**who, answer=answer)
        return earlier


def test_the_second_request_gets_the_first_answer_byte_for_byte():
    assert carry_out() is None
    assert carry_out(answer=Answer(500, b"other")) == ANSWER


def test_another_body_under_the_same_key_is_refused():
    carry_out()
    with pytest.raises(IdempotencyKeyReused, match="another request") as refusal:
        carry_out(body=b'{"x":1}')
    assert refusal.value.status == 422


def test_users_and_routes_do_not_see_each_others_answers():
    carry_out()
    assert carry_out(principal="user:2") is None
    assert carry_out(route="POST /api/v1/receipts") is None


def test_a_failed_request_leaves_its_key_free():
    who, digest = request()

    def fails_half_way():
        with transaction():
            idempotency_store.begin(**who, request_hash=digest)
            raise RuntimeError("the work failed")

    with pytest.raises(RuntimeError):
        fails_half_way()
    assert carry_out() is None


def test_the_key_itself_is_not_stored():
    carry_out(key="secret-looking-key")
    row = IdempotencyKey.objects.get()
    assert "secret" not in row.key_hash
    assert len(row.key_hash) == 64


def test_answers_are_kept_for_seven_days_and_then_purged():
    carry_out(key="fresh")
    carry_out(key="old")
    assert (
        IdempotencyKey.objects.filter(expires_at__gte=clock.now() + timedelta(days=7)).count() == 2
    )
    oldest = IdempotencyKey.objects.order_by("id").last()
    IdempotencyKey.objects.filter(pk=oldest.pk).update(expires_at=clock.now())
    assert purge_idempotency() == 1
    assert carry_out(key="fresh") == ANSWER
    assert carry_out(key="old") is None


def test_an_expired_key_that_was_not_purged_yet_counts_as_new():
    carry_out()
    IdempotencyKey.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    other = Answer(200, b"second life")
    assert carry_out(answer=other, body=b"other body") is None
    assert carry_out(body=b"other body") == other


def test_purging_works_through_more_than_one_batch():
    for number in range(5):
        carry_out(key=f"k{number}")
    IdempotencyKey.objects.update(expires_at=clock.now())
    assert purge_idempotency(batch=2) == 5


def test_storing_an_answer_without_a_claim_is_a_programming_error():
    who, _ = request()
    with pytest.raises(LookupError, match="call begin"):
        idempotency_store.finish(**who, answer=ANSWER)
