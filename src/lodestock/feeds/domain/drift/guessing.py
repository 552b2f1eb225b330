"""In which spelling would unreadable dates be dates? Asked of the population, not of one cell."""

from __future__ import annotations

from collections import Counter

from lodestock.feeds.domain.cells.dates import DatePattern, guessable_patterns
from lodestock.feeds.domain.contract.model import Column
from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.profile import ColumnProfile

Guess = tuple[str, str]
"""(pattern, why)"""


def guess_date_pattern(
    comparison: Comparison, column: Column, profile: ColumnProfile
) -> list[Guess]:
    """Patterns that read every unreadable cell, the most believable first.

    Where day and month could both be meant, the reading that lies nearer to the feed's past,
    or without a past the one whose days lie closer together, comes first.
    """
    texts = {text.strip(): rows for text, rows in profile.invalid.items()}
    readings: list[tuple[DatePattern, Counter[int]]] = []
    for pattern in guessable_patterns():
        if pattern.has_time != _wants_time(column) and pattern.has_time:
            continue
        days = _read(pattern, texts, comparison.contract.century_pivot)
        if days is not None and not any(days == other for _, other in readings):
            readings.append((pattern, days))
    past = comparison.pooled.columns.get(column.name) if comparison.pooled else None
    known = past.days if past else Counter[int]()
    ranked = sorted(readings, key=lambda reading: (gap(reading[1], known), spread(reading[1])))
    return [(pattern.text, _why(days, known)) for pattern, days in ranked]


def _wants_time(column: Column) -> bool:
    return column.type == "datetime"


def _read(pattern: DatePattern, texts: dict[str, int], pivot: int) -> Counter[int] | None:
    days: Counter[int] = Counter()
    for text, rows in texts.items():
        moment = pattern.parse(text, pivot=pivot)
        if moment is None:
            return None
        days[moment.toordinal()] += rows
    return days


def gap(days: Counter[int], known: Counter[int]) -> int:
    """Days between the nearest edge of ``days`` and the range already known; 0 when they touch."""
    if not known or not days:
        return 0
    low, high, first, last = min(days), max(days), min(known), max(known)
    return max(0, first - high, low - last)


def spread(days: Counter[int]) -> int:
    return max(days) - min(days) if days else 0


def _why(days: Counter[int], known: Counter[int]) -> str:
    if not known:
        return f"this reading puts all rows within {spread(days) + 1} days"
    distance = gap(days, known)
    return (
        "this reading falls within the dates known so far"
        if distance == 0
        else f"this reading lies {distance} days from the dates known so far"
    )
