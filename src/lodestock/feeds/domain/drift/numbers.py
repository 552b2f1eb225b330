"""Drift of numbers: another unit, another spelling, another sign, though every value parses."""

from __future__ import annotations

from collections.abc import Iterator

from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.drift.finding import Finding, breaking
from lodestock.feeds.domain.profile.numbers import NumberStats
from lodestock.feeds.domain.profile.tally import log_chance

CHANCE_MAX = -8.0
VALUES_MIN = 5
SHIFT_MIN = 1.5
"""Decades by which every part of the spread must move; wide columns wander by less than one."""


def rescaled(comparison: Comparison) -> Iterator[Finding]:
    """A change of unit shows as a shift of the whole spread, as zeros at the end, or as places."""
    for column, new, old in comparison.columns_of_all_forms():
        if not column.is_numeric or new.numbers.nonzero < VALUES_MIN:
            continue
        told = _zeros(new.numbers, old.numbers) or _places(new.numbers, old.numbers)
        told = told or _shift(new.numbers, old.numbers)
        if told:
            factor, why = told
            yield breaking(
                column.name,
                "rescaled",
                spread_text(old.numbers),
                spread_text(new.numbers),
                new.numbers.count,
                why,
                samples=[str(new.numbers.low), str(new.numbers.high)],
                fix={"action": "scale", "column": column.name, "factor": factor}
                if factor
                else None,
            )


def _shift(new: NumberStats, old: NumberStats) -> tuple[str, str] | None:
    """All quantiles have moved the same way by more than a column of this kind wanders."""
    shifts = [new.quantile(q) - old.quantile(q) for q in (0.1, 0.25, 0.5, 0.75, 0.9)]
    if min(shifts) < SHIFT_MIN and max(shifts) > -SHIFT_MIN:
        return None
    if not (all(shift > 0.7 for shift in shifts) or all(shift < -0.7 for shift in shifts)):
        return None
    middle = round(sorted(shifts)[2])
    return _factor(middle), f"values are about {_times(middle)} what they used to be"


def _zeros(new: NumberStats, old: NumberStats) -> tuple[str, str] | None:
    """Nearly every number ends in zeros that few used to end in."""
    for zeros in (3, 2, 1):
        hits = sum(n for ending, n in new.zeros.items() if ending >= zeros)
        before = sum(n for ending, n in old.zeros.items() if ending >= zeros)
        usual = (before + 1) / (old.nonzero + 2)
        if hits >= new.nonzero * 0.97 and log_chance(hits, new.nonzero, usual) < CHANCE_MAX:
            if usual > 0.6:
                continue
            why = f"{hits:,} of {new.nonzero:,} numbers end in {'0' * zeros}; before {usual:.1%}"
            return _factor(zeros), why
    return None


def _places(new: NumberStats, old: NumberStats) -> tuple[str, str] | None:
    """Decimal places that were never used, or the loss of places that always were."""
    usual_max = _usual_places(old)
    deeper = sum(n for places, n in new.places.items() if places > usual_max)
    before = sum(n for places, n in old.places.items() if places > usual_max)
    usual = (before + 1) / (old.nonzero + 2)
    if deeper >= new.nonzero * 0.3 and log_chance(deeper, new.nonzero, usual) < CHANCE_MAX:
        why = f"{deeper:,} of {new.nonzero:,} numbers have more than {usual_max} decimal places"
        return _factor(_middle_shift(new, old)), why
    whole, whole_before = new.places[0], old.places[0]
    usual = (whole_before + 1) / (old.nonzero + 2)
    mostly = whole >= new.nonzero * 0.97 and usual < 0.5
    if mostly and log_chance(whole, new.nonzero, usual) < CHANCE_MAX:
        why = f"{whole:,} of {new.nonzero:,} numbers are whole; before {usual:.1%}"
        return _factor(_middle_shift(new, old)), why
    return None


def _usual_places(stats: NumberStats) -> int:
    seen, places = 0, 0
    for places in sorted(stats.places):
        seen += stats.places[places]
        if seen >= stats.nonzero * 0.995:
            return places
    return places


def _middle_shift(new: NumberStats, old: NumberStats) -> int:
    return round(new.quantile(0.5) - old.quantile(0.5))


def _factor(decades: int) -> str:
    """The factor that undoes a shift of so many decades; "" when there is none to propose."""
    if not decades:
        return ""
    return "0." + "0" * (decades - 1) + "1" if decades > 0 else "1" + "0" * -decades


def _times(decades: int) -> str:
    return f"{10**decades:,} times" if decades >= 0 else f"1/{10**-decades:,} of"


def spread_text(stats: NumberStats) -> str:
    """The spread in words, for people: smallest, middle, largest."""
    middle = 10 ** stats.quantile(0.5)
    return f"{stats.low} … about {middle:.4g} … {stats.high}"


def sign_flipped(comparison: Comparison) -> Iterator[Finding]:
    """Most numbers are negative where hardly any were."""
    for column, new, old in comparison.columns_of_all_forms():
        stats, past = new.numbers, old.numbers
        if not column.is_numeric or stats.count < VALUES_MIN or past.count < VALUES_MIN:
            continue
        usual = (past.negative + 1) / (past.count + 2)
        mostly = stats.negative >= stats.count * 0.8 and usual <= 0.1
        if mostly and log_chance(stats.negative, stats.count, usual) < 2 * CHANCE_MAX:
            yield breaking(
                column.name,
                "sign_flipped",
                f"{1 - usual:.0%} positive",
                f"{stats.negative / stats.count:.0%} negative",
                stats.negative,
                f"{stats.negative:,} of {stats.count:,} numbers are negative",
            )


def spelling_changed(comparison: Comparison) -> Iterator[Finding]:
    """The same numbers written another way: 6 as 6.0, after a detour through a spreadsheet."""
    for column, new, old in comparison.columns():
        if not column.is_numeric or new.dialects.rows < VALUES_MIN:
            continue
        for dialect, (rows, _) in new.dialects.items():
            usual = (old.dialects.get(dialect, (0, 0))[0] + 1) / (old.dialects.rows + 2)
            dominant = rows >= new.dialects.rows * 0.5 and usual <= 0.01
            if dominant and log_chance(rows, new.dialects.rows, usual) < CHANCE_MAX:
                yield breaking(
                    column.name,
                    "number_spelling",
                    old.dialects.main(),
                    dialect,
                    rows,
                    f"{rows:,} of {new.dialects.rows:,} numbers; before {usual:.2%}",
                )
