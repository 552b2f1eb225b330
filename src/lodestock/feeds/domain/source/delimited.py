"""Finds separator, quoting and header of delimited text on its first rows."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lodestock.feeds.domain.source.form import SEPARATOR_NAMES

ROWS_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Layout:
    separator: str
    quoting: str
    header: tuple[str, ...]
    header_row: int
    evidence: str


@dataclass(frozen=True, slots=True)
class _Trial:
    separator: str
    width: int
    agreeing: int
    rows: int

    @property
    def score(self) -> tuple[float, int]:
        if self.width < 2 or not self.rows:
            return (0.0, 0)
        return (self.agreeing / self.rows, self.width)


def find_layout(text: str) -> Layout:
    """The separator under which most rows have the same number of cells (at least two)."""
    body, told = _excel_hint(text)
    candidates = [told] if told else list(SEPARATOR_NAMES)
    trials = [_try(body, separator) for separator in candidates]
    best = max(trials, key=lambda trial: trial.score)
    separator = best.separator if best.width > 1 else ","
    rows = _rows(body, separator, 1)
    header = tuple(cell.strip() for cell in rows[0]) if rows else ()
    name = SEPARATOR_NAMES.get(separator, repr(separator))
    evidence = f"{name}: {best.agreeing} of {best.rows} rows have {max(best.width, 1)} cells"
    return Layout(separator, _quoting(body, separator), header, 2 if told else 1, evidence)


def _excel_hint(text: str) -> tuple[str, str]:
    """Excel may write ``sep=;`` as a first line of its own."""
    first, _, rest = text.partition("\n")
    hint = first.strip().lower()
    if hint.startswith("sep=") and len(hint) == 5:
        return rest, first.strip()[4]
    return text, ""


def _rows(text: str, separator: str, count: int) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return list(itertools.islice((row for row in reader if row), count))
    except csv.Error:
        return []


def _try(text: str, separator: str) -> _Trial:
    rows = _rows(text, separator, ROWS_LOOKED_AT)
    if len(rows) > 2 and len(rows) < ROWS_LOOKED_AT:
        rows = rows[:-1]  # the sample may have cut the last one
    widths = Counter(len(row) for row in rows)
    width, agreeing = widths.most_common(1)[0] if widths else (0, 0)
    return _Trial(separator, width, agreeing, len(rows))


def _quoting(text: str, separator: str) -> str:
    if '"' not in text:
        return "none"
    lines: Sequence[str] = text.splitlines()[1:50]
    quoted = sum(1 for line in lines if line.startswith('"') and line.endswith('"'))
    cells = sum(line.count(separator) + 1 for line in lines)
    marks = sum(line.count('"') for line in lines)
    return "all" if quoted and quoted == len(lines) and marks >= cells * 1.6 else "minimal"
