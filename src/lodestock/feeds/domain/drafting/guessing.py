"""What the cells of one column are: dates, numbers in somebody's spelling, codes or texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from lodestock.feeds.domain.cells.dates import DatePattern, guessable_patterns
from lodestock.feeds.domain.cells.numbers import NumberForm, NumberFormat

Cells = Sequence[tuple[int, str]]
"""(line in the file, trimmed text), filled cells only"""

SHARE_MIN = 0.8
"""So much of a column must read as one type; the rest is named, and its rows will be held."""
WORDS_MAX = 5
SHOWN = 3
FORMS = (
    NumberForm(),
    NumberForm(",", ""),
    NumberForm(".", ","),
    NumberForm(",", "."),
    NumberForm(".", " "),
    NumberForm(",", " "),
    NumberForm(".", "'"),
)
_LEADING_ZERO = re.compile(r"0\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}([.,])\d{3}")


@dataclass(slots=True)
class Guess:
    """``keys`` are further keys of the column; ``notes`` explain, ``checks`` ask."""

    type: str
    keys: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)


def guess_column(cells: Cells, role: str) -> Guess:
    """The type of a column, from its cells and, where its heading is known, its role."""
    if not cells:
        return Guess("text", notes=["always empty in this file"])
    if role in {"sku", "location"}:
        return Guess("code")
    if role in {"name", "unit"}:
        return Guess("text")
    if role in {"quantity", "cost"}:
        return _numbers(cells, "quantity" if role == "quantity" else "money") or _not_numbers(role)
    return _dates(cells) or _numbers(cells, "") or Guess("text")


def _not_numbers(role: str) -> Guess:
    kind = "quantity" if role == "quantity" else "money"
    return Guess(kind, checks=["hardly any cell reads as a number: is this the right column?"])


def _dates(cells: Cells) -> Guess | None:
    texts = Counter(text for _, text in cells)
    readings = [
        (pattern, days) for pattern in guessable_patterns() if (days := _days(pattern, texts))
    ]
    if not readings:
        return None
    best, days = max(readings, key=lambda one: sum(one[1].values()))
    if sum(days.values()) < len(cells) * SHARE_MIN:
        return None
    guess = Guess("datetime" if best.has_time else "date", {"patterns": [best.text]})
    others = [
        p.text for p, found in readings if found.keys() != days.keys() and len(found) == len(days)
    ]
    if others:
        guess.checks.append(f"these dates can also be read as {others[0]}: which is meant?")
    _name_leftovers(guess, [(n, t) for n, t in cells if best.parse(t) is None])
    return guess


def _days(pattern: DatePattern, texts: Counter[str]) -> Counter[int]:
    days: Counter[int] = Counter()
    for text, rows in texts.items():
        moment = pattern.parse(text)
        if moment is not None:
            days[moment.toordinal()] += rows
    return days


def _numbers(cells: Cells, kind: str) -> Guess | None:
    if not kind and any(_LEADING_ZERO.fullmatch(text) for _, text in cells):
        return Guess("code", notes=["leading zeros are kept: a code, not a number"])
    fits = [(sum(_reads(form, text) for _, text in cells), form) for form in FORMS]
    count, form = max(fits, key=lambda fit: fit[0])
    if count < len(cells) * SHARE_MIN:
        return None
    whole = all(
        not isinstance(NumberFormat(form).parse(text, whole=True), str)
        for _, text in cells
        if _reads(form, text)
    )
    guess = Guess(kind or ("integer" if whole else "decimal"))
    if form.decimal != ".":
        guess.keys["decimal"] = form.decimal
    if form.thousands:
        guess.keys["thousands"] = form.thousands
    _ask_about_thousands(guess, form, [text for _, text in cells], fits, count)
    _name_leftovers(guess, [(n, t) for n, t in cells if not _reads(form, t)])
    return guess


def _ask_about_thousands(
    guess: Guess,
    form: NumberForm,
    texts: Sequence[str],
    fits: Sequence[tuple[int, NumberForm]],
    count: int,
) -> None:
    """``1.500`` may be one and a half or fifteen hundred; only other cells could tell."""
    doubtful = next((text for text in texts if _GROUPED.fullmatch(text)), "")
    rivals = [other for found, other in fits if found == count and other != form]
    if doubtful and any(other.thousands and other.thousands in doubtful for other in rivals):
        mark = "point" if "." in doubtful else "comma"
        guess.checks.append(
            f"{doubtful} is read with a decimal {mark}; if the {mark} groups thousands, add:"
            f" decimal: '{',' if mark == 'point' else '.'}', thousands: '{doubtful[-4]}'"
        )


def _reads(form: NumberForm, text: str) -> bool:
    return not isinstance(NumberFormat(form).parse(text, whole=False), str)


def _name_leftovers(guess: Guess, left: Cells) -> None:
    """Words that stand for "no value" become sentinels; other cells are named."""
    words = Counter(text for _, text in left if not any(char.isdigit() for char in text))
    if words and len(words) <= WORDS_MAX:
        guess.keys["sentinels"] = dict.fromkeys(words, "not_stated")
        guess.notes.append("words that stand for a missing value, never for 0")
        left = [(number, text) for number, text in left if text not in words]
    if left:
        shown = ", ".join(f"line {number}: {text!r}" for number, text in left[:SHOWN])
        guess.checks.append(
            f"{len(left)} cell(s) do not fit; their rows will be held until you fix them ({shown})"
        )
