"""The same request twice at the same moment: one does the work, the other is told to come again."""

from __future__ import annotations

import threading
import time

import pytest

from lodestock.eventstore.services import idempotency_store
from lodestock.eventstore.tests.support import in_threads
from lodestock.kernel.api.idempotency import Answer, RequestInProgress
from lodestock.kernel.db import transaction

WHO = {"principal": "user:1", "route": "/orders", "key": "k"}
ANSWER = Answer(201, b"made once")


def attempt(worked: list[int]) -> Answer:
    with transaction():
        earlier = idempotency_store.begin(**WHO, request_hash="h")
        if earlier is None:
            worked.append(1)
            time.sleep(0.2)
            idempotency_store.finish(**WHO, answer=ANSWER)
        return earlier or ANSWER


def test_of_eight_twins_one_works_and_all_get_its_answer_in_the_end(committing_db):
    worked: list[int] = []
    answers: list[Answer] = []
    told_to_wait: list[int] = []
    barrier = threading.Barrier(8)

    def client():
        barrier.wait()
        while True:
            try:
                answers.append(attempt(worked))
            except RequestInProgress as refusal:
                told_to_wait.append(refusal.params["retry_after"])
                time.sleep(0.05)
            else:
                return

    in_threads(*[client] * 8)
    assert worked == [1]
    assert answers == [ANSWER] * 8
    assert set(told_to_wait) == {1}


def test_when_the_first_fails_the_next_does_the_work(committing_db):
    def fails():
        with transaction():
            idempotency_store.begin(**WHO, request_hash="h")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    worked: list[int] = []
    attempt(worked)
    assert worked == [1]
