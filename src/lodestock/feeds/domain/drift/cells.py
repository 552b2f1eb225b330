"""Drift seen in single cells: values outside a closed list, and cells that no longer parse."""

from __future__ import annotations

from collections.abc import Iterator

from lodestock.feeds.domain.cells.dates import DatePattern
from lodestock.feeds.domain.cells.numbers import OTHER_FORMS, NumberForm
from lodestock.feeds.domain.contract.model import Column
from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.drift.finding import Finding, breaking
from lodestock.feeds.domain.drift.guessing import guess_date_pattern
from lodestock.feeds.domain.profile import ColumnProfile
from lodestock.feeds.domain.profile.shapes import digits_shape

UNREADABLE_SHARE = 0.05
UNREADABLE_MIN = 3


def new_values(comparison: Comparison) -> Iterator[Finding]:
    """A closed list met a value it does not hold: one such row stops the file."""
    for column in comparison.binding.columns:
        profile = comparison.new.columns.get(column.name)
        if column.type not in {"enum", "bool"} or profile is None or not profile.invalid:
            continue
        known = column.values or (*column.true, *column.false)
        values = [text.strip() for text, _ in profile.invalid.most_common(20)]
        yield breaking(
            column.name,
            "new_value",
            ", ".join(known),
            ", ".join(values),
            _invalid_rows(profile),
            "the contract closes the list of values",
            samples=values[:5],
            fix={"action": "add_values", "column": column.name, "values": values},
        )


def unreadable_cells(comparison: Comparison) -> Iterator[Finding]:
    """So many cells of a column do not parse that its spelling must have changed."""
    for column in comparison.binding.columns:
        profile = comparison.new.columns.get(column.name)
        if profile is None or column.type in {"enum", "bool"}:
            continue
        bad = _invalid_rows(profile)
        filled = profile.rows - profile.states.get("empty", (0, 0))[0]
        if bad < _enough(bad, filled) or bad < filled * UNREADABLE_SHARE:
            continue
        if comparison.old is not None and _usual(
            comparison.old.columns.get(column.name), bad, filled
        ):
            continue
        yield _unreadable(comparison, column, profile, bad)


def _enough(bad: int, filled: int) -> int:
    """Three rows, or two when they are half of a tiny file."""
    return 2 if bad * 2 >= filled else UNREADABLE_MIN


def _usual(old: ColumnProfile | None, bad: int, filled: int) -> bool:
    if old is None or not old.rows:
        return False
    return _invalid_rows(old) / old.rows >= bad / max(filled, 1) / 3


def _invalid_rows(profile: ColumnProfile) -> int:
    return profile.states.get("invalid", (0, 0))[0]


def _unreadable(
    comparison: Comparison, column: Column, profile: ColumnProfile, bad: int
) -> Finding:
    if column.is_date:
        return _date_finding(comparison, column, profile, bad)
    samples = _samples(profile)
    shape = _first_shape(samples)
    form = _other_number_form(column, profile) if column.is_numeric else None
    new = form or f"{shape} (not {column.type})"
    fix = None
    if form:
        other = OTHER_FORMS[form]
        fix = {
            "action": "read_numbers_as",
            "column": column.name,
            "decimal": other.decimal,
            "thousands": other.thousands,
        }
    return breaking(
        column.name,
        "number_spelling" if form else "retyped",
        column.type + (f", decimal {column.decimal!r}" if column.is_numeric else ""),
        new,
        bad,
        f"{bad:,} of {profile.rows:,} cells cannot be read as {column.type}",
        samples=samples,
        fix=fix,
    )


def _samples(profile: ColumnProfile) -> list[str]:
    return [text for text, _ in profile.invalid.most_common(5)]


def _first_shape(samples: list[str]) -> str:
    return digits_shape(samples[0].strip()) if samples else ""


def _other_number_form(column: Column, profile: ColumnProfile) -> str:
    declared = NumberForm(column.decimal, column.thousands)
    texts = [text.strip() for text in profile.invalid]
    for name, form in OTHER_FORMS.items():
        regex = form.regex
        if form != declared and texts and all(regex.fullmatch(text) for text in texts):
            return name
    return ""


def _date_fix(column: Column, pattern: str) -> dict[str, str]:
    """A pattern beside the declared ones; in place of one that looks just like it."""
    fix = {"action": "read_dates_as", "column": column.name, "pattern": pattern}
    for declared in column.patterns:
        turned = DatePattern.compile(declared).swapped()
        if turned is not None and turned.text == pattern:
            fix["instead_of"] = declared
    return fix


def _date_finding(
    comparison: Comparison,
    column: Column,
    profile: ColumnProfile,
    bad: int,
) -> Finding:
    samples = _samples(profile)
    shape = _first_shape(samples)
    guesses = guess_date_pattern(comparison, column, profile)
    fixes = [_date_fix(column, pattern) for pattern, _ in guesses]
    spelled = f"{guesses[0][0]} ({shape})" if guesses else shape
    why = f"{bad:,} of {profile.rows:,} cells are not dates in the contract's patterns"
    if guesses:
        why += f"; {guesses[0][1]}"
    return breaking(
        column.name,
        "date_spelling",
        " or ".join(column.patterns),
        spelled,
        bad,
        why,
        samples=samples,
        fix=fixes[0] if fixes else None,
        alternatives=fixes[1:],
    )
