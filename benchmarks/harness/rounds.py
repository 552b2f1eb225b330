"""Alternating rounds: A B A B …, so that a noisy neighbour meets both sides alike."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.harness.result import Figures, Measurement

DEADLOCK = "40P01"


@dataclass(frozen=True)
class Round:
    """One round of one side: units per second, and whatever else it noticed."""

    rate: float
    more: dict[str, Any]

    @classmethod
    def of(cls, done: float, seconds: float, **more: Any) -> Round:
        """Return the round in which `done` units of work took `seconds`."""
        return cls(done / seconds if seconds else 0.0, more)


Side = Callable[[], Round]


def alternate(ours: Side, baseline: Side, *, rounds: int) -> tuple[list[Round], list[Round]]:
    """Run both sides `rounds` times, taking turns, the baseline first."""
    pairs = []
    for _ in range(rounds):
        against = baseline()
        pairs.append((ours(), against))
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def compare(
    name: str,
    what: str,
    *,
    ours: Side,
    baseline: Side,
    target: float,
    unit: str,
    rounds: int = 5,
    baseline_is: str,
    **more: Any,
) -> Measurement:
    """Measure both sides in turns; the ratio is the median of the rounds' ratios.

    Calls of ours that were refused or deadlocked are counted, and must be nought.
    """
    mine, against = alternate(ours, baseline, rounds=rounds)
    more["zeros"] = more.get("zeros", {}) | troubles(mine)
    ratios = [a.rate / b.rate for a, b in zip(mine, against, strict=True) if b.rate]
    return Measurement(
        name,
        what,
        ours=figures(mine, unit),
        baseline=figures(against, unit) | {"what": baseline_is, "ratios": _rounded(ratios)},
        ratio=statistics.median(ratios),
        target=target,
        **more,
    )


def figures(rounds: list[Round], unit: str) -> Figures:
    """Return the median rate, every round's rate, and the last round's other findings."""
    rates = [round_.rate for round_ in rounds]
    return {"rate": statistics.median(rates), "unit": unit, "rounds": _rounded(rates)} | rounds[
        -1
    ].more


def troubles(rounds: list[Round]) -> dict[str, int]:
    """Return how many calls of all rounds ended in a deadlock, and how many in any other error."""
    errors: Counter[str] = Counter()
    for one in rounds:
        errors.update(one.more.get("errors", {}))
    deadlocks = errors.pop(DEADLOCK, 0)
    return {"deadlocks": deadlocks, "failed calls": errors.total()}


def _rounded(values: list[float]) -> list[float]:
    return [float(f"{value:.4g}") for value in values]
