"""Counts by name, once per row and once per document.

Rows of one invoice share their customer, date and country: they are one piece of evidence, not
thirty. So everything that is judged by how often it occurs is counted twice, by rows (to report)
and by *heads*, the first row of each run of one document (to judge).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

Pair = tuple[int, int]


class Tally(dict[str, Pair]):
    """Name → (rows, heads)."""

    def add(self, name: str, rows: int, heads: int) -> None:
        before = self.get(name, (0, 0))
        self[name] = (before[0] + rows, before[1] + heads)

    def merge(self, other: Mapping[str, Iterable[int]]) -> None:
        for name, (rows, heads) in other.items():
            self.add(name, rows, heads)

    @property
    def rows(self) -> int:
        return sum(rows for rows, _ in self.values())

    @property
    def heads(self) -> int:
        return sum(heads for _, heads in self.values())

    def evidence(self, *, by_rows: bool) -> int:
        """Independent observations: rows where each speaks for itself, else documents."""
        return self.rows if by_rows else self.heads

    def share(self, name: str) -> float:
        """Share of heads under that name."""
        return self.get(name, (0, 0))[1] / max(self.heads, 1)

    def main(self) -> str:
        """The name most rows have, or ''."""
        return max(self, key=lambda name: self[name], default="")

    def trimmed(self, size: int) -> Tally:
        """At most ``size`` names; the rarest are added up under ``OTHER``."""
        if len(self) <= size:
            return self
        ranked = sorted(self.items(), key=lambda item: item[1], reverse=True)
        kept = Tally(ranked[:size])
        for _, (rows, heads) in ranked[size:]:
            kept.add(OTHER, rows, heads)
        return kept

    @staticmethod
    def of(plain: Mapping[str, Iterable[int]]) -> Tally:
        tally = Tally()
        tally.merge(plain)
        return tally


OTHER = "…"


def log_chance(hits: int, trials: int, probability: float) -> float:
    """log10 of the chance of at least ``hits`` in ``trials`` (Chernoff's bound, never too small).

    0.0 when that many were to be expected anyway.
    """
    if not trials or hits <= 0:
        return 0.0
    share, p = hits / trials, min(max(probability, 1e-9), 1 - 1e-9)
    if share <= p:
        return 0.0
    divergence = share * math.log(share / p)
    if share < 1:
        divergence += (1 - share) * math.log((1 - share) / (1 - p))
    return -trials * divergence / math.log(10)


def surprise(hits: int, trials: int, seen: int, known: int) -> float:
    """log10 of the chance of at least ``hits`` in ``trials`` after ``seen`` in ``known`` before.

    The share itself is only known as well as ``known`` trials tell it: nothing in nine documents
    does not make the tenth impossible. So it is not one number but a beta distribution (Jeffreys'
    prior), under which one hit also makes the next more likely, as rare things come in runs.
    0.0 when that many were to be expected anyway.
    """
    yes, no = seen + 0.5, known - seen + 0.5
    if not trials or hits <= 0 or hits / trials <= yes / (yes + no):
        return 0.0
    misses = trials - hits
    first = _log_beta(yes + hits, no + misses) - _log_beta(yes, no)
    first -= math.log(trials + 1) + _log_beta(hits + 1, misses + 1)
    return min(0.0, (first + math.log(_tail(hits, trials, yes, no))) / math.log(10))


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _tail(hits: int, trials: int, yes: float, no: float) -> float:
    """The chances of ``hits`` and of every greater number, as multiples of the first."""
    total = term = 1.0
    for count in range(hits, trials):
        left = trials - count
        term *= left * (count + yes) / ((count + 1) * (left - 1 + no))
        total += term
        if term < total * 1e-12:
            break
    return total
