"""Date patterns such as ``m/d/yy H:MM``: strict, two ways, and able to be swapped.

Tokens: ``d`` ``dd`` day · ``m`` ``mm`` month · ``Mon`` ``Month`` English name · ``y`` ``yy``
``yyyy`` year · ``H`` ``HH`` hour · ``MM`` minute · ``SS`` second. Anything else stands for itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

MONTHS = (
    "january february march april may june july august september october november december"
).split()

_TOKENS: dict[str, str] = {
    "yyyy": r"(?P<yyyy>\d{4})",
    "yy": r"(?P<yy>\d{2})",
    "y": r"(?P<yy>\d{1,2})",
    "Month": r"(?P<name>[A-Za-z]{3,9})",
    "Mon": r"(?P<name>[A-Za-z]{3})",
    "mm": r"(?P<m>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "dd": r"(?P<d>\d{2})",
    "d": r"(?P<d>\d{1,2})",
    "HH": r"(?P<H>\d{2})",
    "H": r"(?P<H>\d{1,2})",
    "MM": r"(?P<M>\d{2})",
    "SS": r"(?P<S>\d{2})(?:\.0{1,6})?",
}
_SPLIT = re.compile(r"(yyyy|yy|y|Month|Mon|MM|mm|m|dd|d|HH|H|SS)")


@dataclass(frozen=True, slots=True)
class DatePattern:
    """A compiled pattern. ``numbers`` tells where day and month stand when both are digits."""

    text: str
    regex: re.Pattern[str]
    tokens: tuple[str, ...]

    @staticmethod
    @cache
    def compile(text: str) -> DatePattern:
        """Raises ``ValueError`` when the pattern does not name one day, one month and one year."""
        tokens = tuple(part for part in _SPLIT.split(text) if part)
        kinds = [_kind(token) for token in tokens if token in _TOKENS]
        for needed in "dmy":
            if kinds.count(needed) != 1:
                word = {"d": "day", "m": "month", "y": "year"}[needed]
                raise ValueError(f"date pattern {text!r} must name the {word} exactly once")
        if len(kinds) != len(set(kinds)):
            raise ValueError(f"date pattern {text!r} names a part twice")
        regex = "".join(_TOKENS.get(token, re.escape(token)) for token in tokens)
        return DatePattern(text, re.compile(regex, re.ASCII), tokens)

    @property
    def has_time(self) -> bool:
        return any(token in {"H", "HH"} for token in self.tokens)

    @property
    def swappable(self) -> bool:
        """True when day and month are both digits, so that one could be taken for the other."""
        kinds = {_kind(token) for token in self.tokens if token in _TOKENS}
        named = any(token in {"Mon", "Month"} for token in self.tokens)
        return {"d", "m"} <= kinds and not named

    def swapped(self) -> DatePattern | None:
        """The pattern with day and month exchanged, or None when they cannot be mistaken."""
        if not self.swappable:
            return None
        trade = {"d": "m", "m": "d", "dd": "mm", "mm": "dd"}
        return DatePattern.compile("".join(trade.get(token, token) for token in self.tokens))

    def parse(self, text: str, *, pivot: int = 69) -> datetime | None:
        """The instant (naive, midnight without a time), or None when the text does not fit."""
        match = self.regex.fullmatch(text)
        if match is None:
            return None
        found = match.groupdict()
        month = _month(found)
        year = _year(found, pivot)
        try:
            hour, minute, second = (int(found.get(part) or 0) for part in "HMS")
            # Feeds carry local times; the contract has the zone.
            return datetime(year, month, int(found["d"] or 0), hour, minute, second)  # noqa: DTZ001
        except ValueError:
            return None

    def format(self, moment: date | datetime) -> str:
        """The moment spelled by this pattern."""
        return "".join(_spell(token, moment) for token in self.tokens)


def _kind(token: str) -> str:
    if token in {"Mon", "Month"}:
        return "m"
    return token if token in {"MM", "SS", "H", "HH"} else token[0]


def _month(found: dict[str, str | None]) -> int:
    if found.get("m"):
        return int(found["m"] or 0)
    name = (found.get("name") or "").casefold()
    matches = [i for i, month in enumerate(MONTHS, 1) if name in (month, month[:3])]
    if name == "sept":
        return 9
    return matches[0] if matches else 0


def _year(found: dict[str, str | None], pivot: int) -> int:
    if found.get("yyyy"):
        return int(found["yyyy"] or 0)
    two = int(found.get("yy") or 0)
    return (2000 if two < pivot else 1900) + two


def _spell(token: str, moment: date | datetime) -> str:
    hour, minute, second = (
        (moment.hour, moment.minute, moment.second) if isinstance(moment, datetime) else (0, 0, 0)
    )
    spelled = {
        "yyyy": f"{moment.year:04}",
        "yy": f"{moment.year % 100:02}",
        "y": str(moment.year % 100),
        "Month": MONTHS[moment.month - 1].capitalize(),
        "Mon": MONTHS[moment.month - 1][:3].capitalize(),
        "mm": f"{moment.month:02}",
        "m": str(moment.month),
        "dd": f"{moment.day:02}",
        "d": str(moment.day),
        "HH": f"{hour:02}",
        "H": str(hour),
        "MM": f"{minute:02}",
        "SS": f"{second:02}",
    }
    return spelled.get(token, token)


_DATE_GUESSES = (
    "yyyy-mm-dd",
    "yyyy/m/d",
    "m/d/yy",
    "d/m/yy",
    "m/d/yyyy",
    "d/m/yyyy",
    "m-d-yy",
    "d-m-yy",
    "d-m-yyyy",
    "m-d-yyyy",
    "d.m.yy",
    "d.m.yyyy",
    "d-Mon-yy",
    "d-Mon-yyyy",
    "d Mon yyyy",
    "d Month yyyy",
    "Mon d, yyyy",
    "Month d, yyyy",
    "yyyymmdd",
    "yyyy.m.d",
)
_TIME_GUESSES = ("", " H:MM", " H:MM:SS", "THH:MM", "THH:MM:SS")


@cache
def guessable_patterns() -> tuple[DatePattern, ...]:
    """The spellings of dates met in practice, tried when a cell fits none of its contract."""
    return tuple(
        DatePattern.compile(day + clock) for day in _DATE_GUESSES for clock in _TIME_GUESSES
    )
