"""The judge of our speed is judged."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.result import AT_MOST, Measurement, ceiling, failed, rate_floor
from benchmarks.harness.rounds import Round, compare


def side(*rates: float, **more: object) -> Callable[[], Round]:
    rounds = iter(rates)
    return lambda: Round(next(rounds), dict(more))


def test_the_ratio_is_the_median_of_the_rounds_and_one_bad_round_does_not_decide() -> None:
    found = compare(
        "x",
        "what",
        ours=side(50, 1, 45),
        baseline=side(100, 100, 100),
        target=0.4,
        unit="tx/s",
        rounds=3,
        baseline_is="raw",
    )
    assert found.ratio == pytest.approx(0.45)
    assert found.ok


def test_both_sides_take_turns_and_the_baseline_begins() -> None:
    order: list[str] = []

    def noted(name: str) -> Callable[[], Round]:
        def one() -> Round:
            order.append(name)
            return Round(1.0, {})

        return one

    compare(
        "x",
        "what",
        ours=noted("ours"),
        baseline=noted("baseline"),
        target=1,
        unit="",
        rounds=2,
        baseline_is="",
    )
    assert order == ["baseline", "ours", "baseline", "ours"]


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ({"40P01": 2}, {"deadlocks": 2, "failed calls": 0}),
        ({"HTTP 500 internal_error": 3}, {"deadlocks": 0, "failed calls": 3}),
    ],
)
def test_a_fast_side_that_fails_is_not_ok(errors: dict[str, int], expected: dict[str, int]) -> None:
    found = compare(
        "x",
        "what",
        ours=side(100, errors=errors),
        baseline=side(100),
        target=0.1,
        unit="",
        rounds=1,
        baseline_is="",
    )
    assert found.zeros == expected
    assert not found.ok


def test_an_upper_limit_is_reached_from_below() -> None:
    def measured(ms: float) -> Measurement:
        return ceiling("x", "what", {"ms": ms}, at_most=20, key="ms", unit="ms")

    assert measured(20).ok
    assert not measured(20.1).ok
    assert measured(20).sense == AT_MOST


def test_a_floor_counts_its_must_be_noughts() -> None:
    assert rate_floor("x", "what", {"rate": 250}, at_least=250, unit="/s").ok
    assert not rate_floor("x", "what", {"rate": 900}, at_least=250, unit="/s", zeros={"lost": 1}).ok


def test_a_case_that_broke_is_never_ok() -> None:
    assert not failed("x", "what", "it broke").ok
    assert failed("x", "what", "it broke").as_json()["ok"] is False
