"""Numbers as people write them, read strictly: a wrong dialect is refused, never bent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

DIGITS_MAX = 14
PLACES_MAX = 6


@dataclass(frozen=True, slots=True)
class NumberForm:
    """``decimal`` mark and ``thousands`` mark ("" for none) of one column."""

    decimal: str = "."
    thousands: str = ""

    @property
    def regex(self) -> re.Pattern[str]:
        mark, group = re.escape(self.decimal), re.escape(self.thousands)
        whole = rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+" if self.thousands else r"\d+"
        return re.compile(
            rf"(?P<sign>[+-]?)(?P<whole>{whole})(?:{mark}(?P<part>\d*))?|{_LEADING}", re.ASCII
        )


_LEADING = r"(?P<sign2>[+-]?)\.(?P<part2>\d+)"


class NumberFormat:
    """Parses the numbers of one column. ``parse`` gives (value, dialect) or a reason in words."""

    def __init__(self, form: NumberForm) -> None:
        self._form = form
        self._regex = form.regex

    def parse(self, text: str, *, whole: bool, places_max: int = PLACES_MAX) -> Decimal | str:
        """The value, or why there is none. ``whole`` refuses a fraction other than zeros."""
        match = self._regex.fullmatch(text)
        if match is None:
            return self._reason(text)
        value = self._value(text)
        if value.adjusted() >= DIGITS_MAX:
            return f"{text} has more than {DIGITS_MAX} digits before the decimal mark"
        reduced = value.normalize()
        exponent = int(reduced.as_tuple().exponent)
        if whole and exponent < 0:
            return f"{text} is not a whole number"
        if -exponent > places_max:
            return f"{text} has more than {places_max} decimal places"
        return value

    def _value(self, text: str) -> Decimal:
        if self._form.thousands:
            text = text.replace(self._form.thousands, "")
        if self._form.decimal != ".":
            text = text.replace(self._form.decimal, ".")
        return Decimal(text)

    def _reason(self, text: str) -> str:
        other = other_dialect(text, self._form)
        if other:
            return f"{text} looks like a number written as {other}"
        if re.fullmatch(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+", text):
            return f"{text} is in scientific notation, which has lost digits; send it written out"
        return f"{text} is not a number"


def other_dialect(text: str, form: NumberForm) -> str:
    """In which other common spelling ``text`` would be a number, or ''."""
    for name, candidate in OTHER_FORMS.items():
        if candidate != form and candidate.regex.fullmatch(text):
            return name
    return ""


OTHER_FORMS = {
    "decimal comma": NumberForm(",", ""),
    "decimal point": NumberForm(".", ""),
    "thousands comma": NumberForm(".", ","),
    "decimal comma, thousands point": NumberForm(",", "."),
    "thousands space": NumberForm(".", " "),
    "decimal comma, thousands space": NumberForm(",", " "),
    "thousands apostrophe": NumberForm(".", "'"),
}


def canonical_number(value: Decimal) -> str:
    """One spelling for equal numbers: no exponent, no trailing zeros, no minus zero."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_dialect(text: str, decimal: str) -> str:
    """How a number is written: integer, decimal, or whole with a zero fraction."""
    if decimal not in text:
        return "integer"
    fraction = text.rpartition(decimal)[2]
    return "decimal" if fraction.strip("0") else "integer with zero fraction"
