"""How the numbers of a column are spread: magnitude, places, trailing zeros, sign."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

BUCKETS_PER_DECADE = 10


@dataclass(slots=True)
class NumberStats:
    """``logs`` counts |value| by tenths of a decade, ``places`` by decimal places, ``zeros`` by
    zeros at the end of whole numbers. Zero itself is counted in ``zero`` only."""

    count: int = 0
    negative: int = 0
    zero: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    logs: Counter[int] = field(default_factory=Counter)
    places: Counter[int] = field(default_factory=Counter)
    zeros: Counter[int] = field(default_factory=Counter)

    def add(self, value: Decimal, canonical: str, times: int) -> None:
        self.count += times
        self.low = value if self.low is None else min(self.low, value)
        self.high = value if self.high is None else max(self.high, value)
        self.negative += times if value < 0 else 0
        if not value:
            self.zero += times
            return
        self.logs[log_bucket(value)] += times
        fraction = canonical.partition(".")[2]
        self.places[len(fraction)] += times
        self.zeros[0 if fraction else len(canonical) - len(canonical.rstrip("0"))] += times

    @property
    def nonzero(self) -> int:
        return self.count - self.zero

    def quantile(self, share: float) -> float:
        """log10 of the value below which ``share`` of the nonzero ones lie."""
        wanted, seen = self.nonzero * share, 0
        for bucket in sorted(self.logs):
            seen += self.logs[bucket]
            if seen >= wanted:
                return bucket / BUCKETS_PER_DECADE
        return 0.0

    def merge(self, other: NumberStats) -> None:
        self.count += other.count
        self.negative += other.negative
        self.zero += other.zero
        lows = [v for v in (self.low, other.low) if v is not None]
        highs = [v for v in (self.high, other.high) if v is not None]
        self.low, self.high = min(lows, default=None), max(highs, default=None)
        self.logs.update(other.logs)
        self.places.update(other.places)
        self.zeros.update(other.zeros)

    def as_json(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "negative": self.negative,
            "zero": self.zero,
            "low": None if self.low is None else str(self.low),
            "high": None if self.high is None else str(self.high),
            **{
                name: {str(key): n for key, n in sorted(counter.items())}
                for name, counter in self._counters().items()
            },
        }

    def _counters(self) -> dict[str, Counter[int]]:
        return {"logs": self.logs, "places": self.places, "zeros": self.zeros}

    @staticmethod
    def from_json(found: dict[str, Any]) -> NumberStats:
        stats = NumberStats(found["count"], found["negative"], found["zero"])
        stats.low = None if found["low"] is None else Decimal(found["low"])
        stats.high = None if found["high"] is None else Decimal(found["high"])
        for name, counter in stats._counters().items():
            counter.update({int(key): n for key, n in found[name].items()})
        return stats


def log_bucket(value: Decimal) -> int:
    """|value| in tenths of a decade: 1 → 0, 10 → 10, 1000 → 30."""
    return math.floor(math.log10(abs(float(value))) * BUCKETS_PER_DECADE + 1e-9)
