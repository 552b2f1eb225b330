from enum import StrEnum
from uuid import uuid4

import pytest

from lodestock.kernel.context import acting, current
from lodestock.kernel.errors import IllegalTransition, TransientError
from lodestock.kernel.retry import backoff_delay, retry
from lodestock.kernel.states import Machine, moves


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    WALLED = "walled"


DOOR = Machine(
    "Door",
    Door,
    initial=Door.OPEN,
    transitions={
        "shut": {Door.OPEN: Door.SHUT},
        "open": {Door.SHUT: Door.OPEN},
        "wall": moves(Door.WALLED, from_=[Door.OPEN, Door.SHUT]),
    },
)


def test_a_declared_verb_leads_to_its_status() -> None:
    assert DOOR.target("open", "shut") == "shut"
    assert DOOR.verbs("shut") == ("open", "wall")


@pytest.mark.parametrize(
    ("state", "verb"), [("walled", "open"), ("open", "open"), ("open", "fly"), ("ajar", "open")]
)
def test_everything_else_is_refused_and_says_what_is_possible(state: str, verb: str) -> None:
    with pytest.raises(IllegalTransition) as caught:
        DOOR.target(state, verb, label="D-1")
    assert "Door D-1" in caught.value.detail
    assert caught.value.params["possible"] == list(DOOR.verbs(state))


def test_a_passing_fault_is_tried_again_and_the_last_one_is_raised() -> None:
    waits: list[float] = []
    calls = []

    @retry(times=5, delay=0.2, backoff=1.5, sleep=waits.append)
    def call() -> None:
        calls.append(1)
        raise TransientError(f"attempt {len(calls)}")

    with pytest.raises(TransientError, match="attempt 5"):
        call()
    assert len(calls) == 5
    assert all(0.2 * 1.5**n <= wait < 0.2 * 1.5**n + 0.2 for n, wait in enumerate(waits))
    assert len(waits) == 4


def test_an_undeclared_fault_is_not_tried_again() -> None:
    calls = []

    @retry(times=5, sleep=lambda _seconds: None)
    def call() -> None:
        calls.append(1)
        raise ValueError("broken for good")

    with pytest.raises(ValueError, match="for good"):
        call()
    assert len(calls) == 1


def test_a_call_that_recovers_returns_its_answer() -> None:
    answers = iter([ConnectionError("gone"), "here"])

    @retry(times=2, sleep=lambda _seconds: None)
    def call() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert call() == "here"


def test_jitter_spreads_the_waits() -> None:
    assert len({backoff_delay(1, 0.5, 2.0) for _ in range(50)}) > 40


def test_times_below_one_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        retry(times=0)


def test_a_context_is_inherited_and_put_back() -> None:
    chain = uuid4()
    with acting(actor_id=7, reason="count", correlation_id=chain):
        with acting(reason="recount"):
            assert (current().actor_id, current().reason) == (7, "recount")
            assert current().correlation_id == chain
        assert current().reason == "count"
    assert current().actor_id is None
