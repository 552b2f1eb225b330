"""Document numbers grow with time: a date that disagrees with its number is probably misread."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from datetime import date
from statistics import median

from lodestock.feeds.domain.contract.model import Column
from lodestock.feeds.domain.drift.context import Comparison

STEADY_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class _Past:
    """Number ranges per day, the days in order, and how many numbers a day brings."""

    days: dict[int, list[int]]
    ordered: list[int]
    rate: float

    def day_of(self, number: int) -> float | None:
        """The day on which a document of that number was to be expected. A pace is carried on no
        longer than it was watched: None beyond that."""
        knots = sorted((sum(self.days[day]) / 2, day) for day in self.ordered)
        place = bisect.bisect_left(knots, (number, 0))
        if 0 < place < len(knots):
            (low, first), (high, last) = knots[place - 1 : place + 1]
            return first + (last - first) * (number - low) / (high - low)
        nearest, day = knots[0] if place == 0 else knots[-1]
        distance = (number - nearest) / self.rate
        return day + distance if abs(distance) <= self.ordered[-1] - self.ordered[0] else None


@dataclass(frozen=True, slots=True)
class Sequence:
    """(day, number) pairs of a file against the steady number ranges of its feed's past."""

    pairs: tuple[tuple[str, int, int], ...]
    past: dict[str, _Past]

    @staticmethod
    def of(comparison: Comparison, column: Column) -> Sequence:
        """Empty unless ``column`` is the date by which the contract orders documents."""
        if comparison.pooled is None or comparison.contract.identity.date != column.name:
            return Sequence((), {})
        past = {
            prefix: _Past(days, sorted(days), _numbers_per_day(days))
            for prefix, days in comparison.pooled.relations.spans.items()
            if is_steady(days)
        }
        pairs = tuple(
            (prefix, day, number)
            for prefix, days in comparison.new.relations.spans.items()
            if prefix in past
            for day, span in days.items()
            for number in set(span)
        )
        return Sequence(pairs, past)

    def agreement(self, *, swap: bool, between: bool) -> float | None:
        """Share of pairs whose number lies between its neighbours in time; None if unknown.

        ``between`` judges only days that have known days on both sides; otherwise numbers are
        also carried on at the usual pace, which is a guess.
        """
        answers = [
            self._fits(prefix, exchanged_day(day) if swap else day, number, between=between)
            for prefix, day, number in self.pairs
        ]
        told = [answer for answer in answers if answer is not None]
        return sum(told) / len(told) if told else None

    def confirms_dates(self) -> bool | None:
        """Whether the numbers put the documents where their dates do, and not where these would
        be with day and month exchanged. None where numbers tell nothing.

        A feed that leaves time out is far from everything known, but its numbers went on.
        """
        here, there = self._days_off(swap=False), self._days_off(swap=True)
        return None if here is None or there is None else here * 2 <= there

    def _days_off(self, *, swap: bool) -> float | None:
        """How far (the middle one of) the dates lie from where their numbers would put them."""
        distances = []
        for prefix, read, number in self.pairs:
            day = exchanged_day(read) if swap else read
            expected = self.past[prefix].day_of(number)
            if day is not None and expected is not None:
                distances.append(abs(day - expected))
        return median(distances) if distances else None

    def _fits(self, prefix: str, day: int | None, number: int, *, between: bool) -> bool | None:
        past = self.past[prefix]
        if day is None:
            return False
        days, ordered, rate = past.days, past.ordered, past.rate
        left, index = bisect.bisect_left(ordered, day), bisect.bisect_right(ordered, day)
        before = days[ordered[left - 1]] if left else None
        after = days[ordered[index]] if index < len(ordered) else None
        if before and after:
            slack = (after[1] - before[0]) * 0.5 + rate + 50
            return before[0] - slack <= number <= after[1] + slack
        if between:
            return None
        if after:
            distance = ordered[index] - day
            return after[0] - 3 * rate * (distance + 1) - 100 <= number <= after[1] + rate + 50
        distance = day - ordered[-1]
        low, high = before if before else (number, number)
        return low - rate - 50 <= number <= high + 3 * rate * (distance + 1) + 100


def _numbers_per_day(days: dict[int, list[int]]) -> float:
    low = min(span[0] for span in days.values())
    high = max(span[1] for span in days.values())
    return (high - low + 1) / (max(days) - min(days) + 1)


def is_steady(days: dict[int, list[int]]) -> bool:
    """True when later days have greater numbers, on nearly all days."""
    if not days:
        return False
    ordered = [days[day] for day in sorted(days)]
    highest, good = ordered[0][1], 0
    for low, high in ordered[1:]:
        good += low >= highest - (high - low) // 2 - 5
        highest = max(highest, high)
    return len(ordered) == 1 or good >= (len(ordered) - 1) * STEADY_SHARE


def exchanged_day(ordinal: int) -> int | None:
    """The day with day and month exchanged, or None when there is no such day."""
    day = date.fromordinal(ordinal)
    return day.replace(month=day.day, day=day.month).toordinal() if day.day <= 12 else None
