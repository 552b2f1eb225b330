"""Document numbers out of a pattern: ``PO-{number:6}`` → ``PO-000042``."""

from __future__ import annotations

import re
from datetime import date

from lodestock.organisation.errors import BadNumberPattern

_TOKEN = re.compile(r"\{(?P<name>[a-z]+)(?::(?P<width>[0-9]{1,2}))?\}")
_WORDS = ("number", "year", "yy", "month")
MAX_WIDTH = 12
PERIODS = {"never": "all", "yearly": "%Y", "monthly": "%Y%m"}


def check_pattern(pattern: str) -> str:
    """The pattern itself. Raises :class:`BadNumberPattern` unless it can be filled in."""
    found = list(_TOKEN.finditer(pattern))
    rest = _TOKEN.sub("", pattern)
    unknown = [match["name"] for match in found if match["name"] not in _WORDS]
    if unknown or "{" in rest or "}" in rest:
        asked = unknown[0] if unknown else rest
        raise BadNumberPattern(
            f"{asked!r} is not possible in a pattern; known are {{number}}, {{number:6}},"
            " {year}, {yy} and {month}.",
            field="pattern",
        )
    if sum(match["name"] == "number" for match in found) != 1:
        raise BadNumberPattern("A pattern needs {number} exactly once.", field="pattern")
    if any(int(match["width"] or 1) > MAX_WIDTH for match in found):
        raise BadNumberPattern(f"A number has at most {MAX_WIDTH} digits.", field="pattern")
    return pattern


def fill(pattern: str, number: int, day: date) -> str:
    """The document number; ``day`` is the site's, for the year and month in it."""
    values = {
        "number": str(number),
        "year": f"{day:%Y}",
        "yy": f"{day:%y}",
        "month": f"{day:%m}",
    }

    def value(match: re.Match[str]) -> str:
        return values[match["name"]].rjust(int(match["width"] or 0), "0")

    return _TOKEN.sub(value, pattern)


def period(restart: str, day: date) -> str:
    """The counter's period: ``all``, ``2026`` or ``202611``."""
    pattern = PERIODS[restart]
    return day.strftime(pattern)
