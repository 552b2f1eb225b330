"""Drift of dates that still parse: day and month exchanged, order of events broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from lodestock.feeds.domain.cells.dates import DatePattern
from lodestock.feeds.domain.cells.reading import SPARED
from lodestock.feeds.domain.contract.model import Column
from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.drift.finding import Finding, breaking
from lodestock.feeds.domain.drift.guessing import gap, spread
from lodestock.feeds.domain.drift.sequence import Sequence
from lodestock.feeds.domain.profile import ColumnProfile
from lodestock.feeds.domain.profile.tally import log_chance

FAR_DAYS = 20
NEAR_DAYS = 7
LEAPS_MAX = 0.05
"""Share of files after which more time was left out than now: beyond it, that is a habit."""


def swapped(comparison: Comparison) -> Iterator[Finding]:
    """Every date also parses with day and month exchanged, and then fits the past far better."""
    for column, new, old in comparison.columns_of_all_forms():
        pattern = _swappable(new) if column.is_date else None
        if pattern is None:
            continue
        other = exchanged(new.days)
        if other is None or other == new.days:
            continue
        why = _fits_better(comparison, column, new.days, other, old.days)
        if why:
            turned = DatePattern.compile(pattern).swapped()
            yield breaking(
                column.name,
                "day_and_month",
                pattern,
                turned.text if turned else "",
                sum(new.days.values()),
                why,
                samples=[_range(new.days), _range(other)],
                fix={
                    "action": "read_dates_as",
                    "column": column.name,
                    "pattern": turned.text if turned else "",
                    "instead_of": pattern,
                },
            )


def _swappable(profile: ColumnProfile) -> str | None:
    """The one pattern of all dates of the column, when day and month are both digits in it."""
    dialects = [dialect.removesuffix(SPARED) for dialect in profile.dialects]
    if len(set(dialects)) != 1 or profile.repaired:
        return None
    return dialects[0] if DatePattern.compile(dialects[0]).swappable else None


def exchanged(days: Counter[int]) -> Counter[int] | None:
    """The days with day and month exchanged, or None when one of them has no such reading."""
    turned: Counter[int] = Counter()
    for ordinal, rows in days.items():
        day = date.fromordinal(ordinal)
        if day.day > 12:
            return None
        turned[day.replace(month=day.day, day=day.month).toordinal()] += rows
    return turned


def _fits_better(
    comparison: Comparison,
    column: Column,
    read: Counter[int],
    other: Counter[int],
    past: Counter[int],
) -> str:
    """Why the other reading is believed, or "" when the present one stands."""
    sequence = Sequence.of(comparison, column)
    here = sequence.agreement(swap=False, between=True)
    there = sequence.agreement(swap=True, between=False)
    if here is not None and there is not None and here <= 0.5 and there >= 0.9:
        return (
            f"out of time order: as read, {1 - here:.0%} of the document numbers do not fit "
            f"their dates; with day and month exchanged {there:.0%} do"
        )
    if there is not None and there < 0.5:
        return ""
    confirmed = sequence.confirms_dates()
    if confirmed or (confirmed is None and _leaps(comparison, read, past)):
        return ""
    return _nearer(read, other, past) or _denser(read, other, past)


def _leaps(comparison: Comparison, read: Counter[int], past: Counter[int]) -> bool:
    """Whether files of this feed leave so much time out now and then: a week in March, one in
    July. Then one that lies far from everything known is nothing new."""
    far, files = gap(read, past), comparison.pooled.files if comparison.pooled else 0
    leaps = sum(after - day >= far for day, after in pairwise(sorted(past)))
    return far > 0 and leaps > files * LEAPS_MAX


def _nearer(read: Counter[int], other: Counter[int], past: Counter[int]) -> str:
    far, near = gap(read, past), gap(other, past)
    if far >= FAR_DAYS and near <= NEAR_DAYS:
        return (
            f"out of time order: as read, the file lies {far} days from everything known; "
            f"with day and month exchanged {near or 'no'} days"
        )
    return ""


def _denser(read: Counter[int], other: Counter[int], past: Counter[int]) -> str:
    """A week read wrongly is one day in each of seven months."""
    wide, narrow = spread(read), spread(other)
    if len(read) < 3 or wide < 45 or narrow * 4 > wide or gap(other, past) > FAR_DAYS * 2:
        return ""
    return (
        f"as read, {len(read)} days are scattered over {wide + 1}; "
        f"with day and month exchanged they lie within {narrow + 1}"
    )


def _range(days: Counter[int]) -> str:
    first, last = date.fromordinal(min(days)), date.fromordinal(max(days))
    return f"{first} … {last}" if first != last else str(first)


def order_broken(comparison: Comparison) -> Iterator[Finding]:
    """A declared order of two dates is broken far more often than it used to be."""
    if comparison.pooled is None:
        return
    past = comparison.pooled.relations.leads
    for check in comparison.contract.checks:
        pair = f"{check.earlier}|{check.later}"
        before, same, after = comparison.new.relations.leads.get(pair, [0, 0, 0])
        total = before + same + after
        old_before, old_same, old_after = past.get(pair, [0, 0, 0])
        old_total = old_before + old_same + old_after
        if total < 3 or old_total < 30:
            continue
        usual = (old_after + 1) / (old_total + 2)
        risen = after >= 3 and after / total >= 3 * usual + 0.05
        if risen and log_chance(after, total, usual) < -6.0:
            first, second = check.earlier, check.later
            yield breaking(
                second if _is_steady(comparison, second, first) else first,
                "dates_out_of_order",
                f"{first} after {second} in {usual:.1%} of rows",
                f"{after / total:.1%} of rows",
                after,
                f"{after:,} of {total:,} rows have {first} after {second}",
            )


def _is_steady(comparison: Comparison, column: str, other: str) -> bool:
    """Blames the column of the two that moved away from the dates known so far."""
    return _moved(comparison, column) > _moved(comparison, other)


def _moved(comparison: Comparison, column: str) -> int:
    new = comparison.new.columns.get(column)
    old = comparison.pooled.columns.get(column) if comparison.pooled else None
    return gap(new.days, old.days) if new and old else 0


def repair_incoherent(comparison: Comparison) -> Iterator[Finding]:
    """A declared misreading takes every date it can: dates it spared prove it did not happen.

    And when nothing at all was beyond it, the dates were probably never misread.
    """
    for column in comparison.binding.columns:
        profile = comparison.new.columns.get(column.name)
        if not column.repairs or profile is None or not profile.repaired:
            continue
        spared = sum(rows for name, (rows, _) in profile.dialects.items() if name.endswith(SPARED))
        beyond = profile.dialects.rows - spared - profile.repaired
        total = profile.repaired + spared + beyond
        why = ""
        if spared > max(2, profile.repaired * 0.02):
            why = f"{spared:,} dates the misreading would have changed are unchanged"
        elif not beyond and log_chance(total, total, 0.6) < -4.0 and len(profile.days) >= 10:
            why = f"all {total:,} dates could be misread ones; usually most are beyond it"
        if why:
            repair = column.repairs[0]
            yield breaking(
                column.name,
                "repair_incoherent",
                f"{repair.written} misread as {repair.misread_as}",
                f"{repair.looks_like} as written",
                profile.repaired,
                why,
                fix={"action": "drop_repair", "column": column.name, "pattern": repair.looks_like},
            )
