"""Types the cells of one column. Equal texts are typed once: feeds repeat themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from lodestock.feeds.domain.cells.cell import EMPTY, POINTER_MARK, Cell, State, invalid, sentinel
from lodestock.feeds.domain.cells.dates import DatePattern
from lodestock.feeds.domain.cells.numbers import (
    NumberForm,
    NumberFormat,
    canonical_number,
    number_dialect,
)
from lodestock.feeds.domain.contract.model import Column, Repair

REMEMBERED_MAX = 2_000
"""Texts one column remembers; of many columns each remembers less."""
REMEMBERED_TOTAL = 16_000
TEXT_MAX = 20_000
SPARED = ", spared"
"""Marks the dialect of dates that a declared misreading would have changed, but did not."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_PLACEHOLDER = re.compile(r"\\\{([a-z][a-z0-9_]*)\\\}")


def remembered_per_column(columns: int) -> int:
    """How many texts each of so many columns may remember: together they stay within a budget."""
    return max(250, min(REMEMBERED_MAX, REMEMBERED_TOTAL // max(columns, 1)))


class ColumnReader(dict[str, Cell]):
    """A mapping from original text to typed cell; look a text up and it is typed.

    The memory is emptied when it holds ``remembered`` texts, so that a column of unique texts
    stays cheap too.
    """

    def __init__(
        self, column: Column, *, pivot: int = 69, remembered: int = REMEMBERED_MAX
    ) -> None:
        super().__init__()
        self._remembered = remembered
        self.column = column
        self._pivot = pivot
        self._type = _typers(self)[column.type]
        self._sentinels = {text: sentinel(meaning) for text, meaning in column.sentinels.items()}
        self._patterns = [DatePattern.compile(pattern) for pattern in column.patterns]
        self._repairs = [_CompiledRepair(repair) for repair in column.repairs]
        self._numbers = NumberFormat(NumberForm(column.decimal, column.thousands))
        self._pointer = _pointer_regex(column)

    def __missing__(self, text: str) -> Cell:
        if len(self) >= self._remembered:
            self.clear()
        cell = self[text] = self.read(text)
        return cell

    def read(self, text: str) -> Cell:
        """The typed cell for one text, without remembering it."""
        trimmed = text.strip()
        if not trimmed:
            return EMPTY
        if trimmed in self._sentinels:
            return self._sentinels[trimmed]
        if len(trimmed) > TEXT_MAX:
            return invalid(trimmed[:100], f"longer than {TEXT_MAX:,} characters")
        if _CONTROL.search(trimmed):
            return invalid(_CONTROL.sub("\ufffd", trimmed), "control characters inside the cell")
        if self._pointer is not None and (found := self._pointer.fullmatch(trimmed)):
            return _pointer_cell(self.column, found)
        return self._type(trimmed)

    def read_text(self, text: str) -> Cell:
        value = unicodedata.normalize("NFC", text)
        return Cell(State.VALUE, value, value, letter_case(value))

    def read_code(self, text: str) -> Cell:
        value = unicodedata.normalize("NFC", text)
        if self.column.case != "keep":
            value = value.upper() if self.column.case == "upper" else value.lower()
        return Cell(State.VALUE, value, value)

    def read_bool(self, text: str) -> Cell:
        word = text.casefold()
        if word in self.column.true or word in self.column.false:
            value = word in self.column.true
            return Cell(State.VALUE, value, "1" if value else "0")
        known = ", ".join((*self.column.true, *self.column.false))
        return invalid(text, f"{text} is neither true nor false (known: {known})")

    def read_enum(self, text: str) -> Cell:
        if text in self.column.values:
            return Cell(State.VALUE, text, text)
        return invalid(text, f"{text} is a new value (known: {', '.join(self.column.values)})")

    def read_number(self, text: str) -> Cell:
        whole = self.column.type == "integer"
        parsed = self._numbers.parse(text, whole=whole)
        if isinstance(parsed, str):
            return invalid(text, parsed)
        outside = self._outside(parsed)
        if outside:
            return invalid(text, f"{text} {outside}", "out of range")
        dialect = number_dialect(text, self.column.decimal)
        parsed *= self.column.scale
        value: int | Decimal = int(parsed) if whole else parsed
        return Cell(State.VALUE, value, canonical_number(parsed), dialect)

    def _outside(self, value: Decimal) -> str:
        if self.column.minimum is not None and value < self.column.minimum:
            return f"is below {self.column.minimum}"
        if self.column.maximum is not None and value > self.column.maximum:
            return f"is above {self.column.maximum}"
        return ""

    def read_date(self, text: str) -> Cell:
        for pattern in self._patterns:
            moment = pattern.parse(text, pivot=self._pivot)
            if moment is not None:
                return self._date_cell(moment, self._dialect(pattern, text))
        for repair in self._repairs:
            repaired = repair.undo(text, self._pivot)
            if repaired is not None:
                return self._date_cell(repaired, repair.dialect, repair.name)
        return invalid(text, f"{text} is not a date written {' or '.join(self.column.patterns)}")

    def _dialect(self, pattern: DatePattern, text: str) -> str:
        """A cell the misreading tool could have taken but did not is counted apart."""
        spared = any(repair.could_have_taken(text, self._pivot) for repair in self._repairs)
        return f"{pattern.text}{SPARED}" if spared else pattern.text

    def _date_cell(self, moment: datetime, dialect: str, repaired: str = "") -> Cell:
        if self.column.type == "date":
            return Cell(State.VALUE, moment.date(), moment.date().isoformat(), dialect, repaired)
        return Cell(State.VALUE, moment, moment.isoformat(sep=" "), dialect, repaired)


class _CompiledRepair:
    """Undoes a misreading: spell the wrong date as it was read, then read it as written."""

    def __init__(self, repair: Repair) -> None:
        self.name = repair.name
        self.dialect = f"{repair.looks_like} ({repair.written} misread as {repair.misread_as})"
        self._looks_like = DatePattern.compile(repair.looks_like)
        self._written = DatePattern.compile(repair.written)
        self._misread_as = DatePattern.compile(repair.misread_as)

    def could_have_taken(self, text: str, pivot: int) -> bool:
        """Whether the tool that misreads could also have read this text."""
        return self._misread_as.parse(text, pivot=pivot) is not None

    def undo(self, text: str, pivot: int) -> datetime | None:
        wrong = self._looks_like.parse(text, pivot=pivot)
        if wrong is None:
            return None
        original = _two_digits(self._misread_as.format(wrong), self._written)
        moment = self._written.parse(original, pivot=pivot)
        # Only what the tool could have produced: reading it wrongly again must give the cell.
        if moment is None or self._misread_as.parse(original, pivot=pivot) != wrong:
            return None
        return moment


def _two_digits(original: str, written: DatePattern) -> str:
    """``y/m/d`` of 2001-04-08 spells 1/4/8; as m/d/yy the year needs both digits: 1/4/08."""
    parts = re.split(r"(\d+)", original)
    numeric = [token for token in written.tokens if token[0] in "dmyHMS"]
    digits = iter(numeric)
    for index in range(1, len(parts), 2):
        token = next(digits, "")
        if token in {"yy", "dd", "mm"}:
            parts[index] = parts[index].zfill(2)
    return "".join(parts)


def letter_case(text: str) -> str:
    """capitals, small letters, mixed, or no letters."""
    if text.isupper():
        return "capitals"
    if text.islower():
        return "small letters"
    return "mixed letters" if text.upper() != text.lower() else "no letters"


def _pointer_regex(column: Column) -> re.Pattern[str] | None:
    if column.pointer is None:
        return None
    escaped = re.escape(column.pointer.pattern).replace(r"\ ", " ")
    return re.compile(_PLACEHOLDER.sub(r"(?P<\1>.+?)", escaped))


def _pointer_cell(column: Column, found: re.Match[str]) -> Cell:
    named = found.groupdict()
    key = named.pop(column.pointer.key) if column.pointer else ""
    rest = "".join(f"\x1e{field}={value}" for field, value in sorted(named.items()))
    return Cell(State.POINTER, key, f"{POINTER_MARK}{key}{rest}", "pointer")


def _typers(reader: ColumnReader) -> dict[str, Callable[[str], Cell]]:
    numbers = dict.fromkeys(("integer", "decimal", "money", "quantity"), reader.read_number)
    return {
        **numbers,
        "text": reader.read_text,
        "code": reader.read_code,
        "bool": reader.read_bool,
        "enum": reader.read_enum,
        "date": reader.read_date,
        "datetime": reader.read_date,
    }
