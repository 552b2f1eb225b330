"""Finds the table in a file: its sheet, the row its headings stand in, and its first rows."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import python_calamine

from lodestock.feeds.domain.drafting.roles import role_of
from lodestock.feeds.domain.source import FileForm, sniff
from lodestock.feeds.domain.source.containers import open_container
from lodestock.feeds.domain.source.limits import Limits
from lodestock.feeds.domain.source.spreadsheets import spreadsheet_rows
from lodestock.feeds.errors import UnreadableFile

ROWS_MAX = 5_000
HEADER_WITHIN = 30
KNOWN_HEADING = 3
"""A heading we know by name counts as much as this many that we do not."""

Line = tuple[int, list[str]]
"""(number in the file, cells)"""


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` are the first rows below the headings, at most 5,000, with their line numbers."""

    form: FileForm
    header: tuple[str, ...]
    header_row: int
    sheets: tuple[str, ...]
    rows: list[Line]


def find_table(path: Path, *, sheet: str = "") -> Table:
    """The table of a file. Raises ``UnreadableFile`` when no line looks like headings."""
    form = sniff(path)
    sheets = _sheets(path) if form.kind == "xlsx" else ()
    if sheets:
        form = form.placed(sheet=sheet or sheets[0])
    lines = list(itertools.islice(_lines(path, form), ROWS_MAX))
    place = _header_place(lines)
    number, cells = lines[place]
    header = tuple(cell.strip() for cell in cells)
    rows = [(line, _fit(row, len(header))) for line, row in lines[place + 1 :] if any(row)]
    return Table(replace(form, header=header, header_row=number), header, number, sheets, rows)


def _sheets(path: Path) -> tuple[str, ...]:
    """Sheets with rows, the longest first."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.CalamineError as error:
        raise UnreadableFile(f"The workbook cannot be read: {error}.") from error
    heights = {name: workbook.get_sheet_by_name(name).height for name in workbook.sheet_names}
    filled = [name for name, height in heights.items() if height]
    return tuple(sorted(filled, key=lambda name: -heights[name]))


def _lines(path: Path, form: FileForm) -> Iterator[Line]:
    if form.kind == "xlsx":
        yield from enumerate(spreadsheet_rows(path, form), start=1)
    elif form.kind == "delimited":
        yield from _text_lines(path, form)
    else:
        raise UnreadableFile(
            f"A contract can be drafted for tables, not for {form.kind}: send CSV or .xlsx, or"
            " write the contract by hand (docs/howto/feeds.md)."
        )


def _text_lines(path: Path, form: FileForm) -> Iterator[Line]:
    limits = Limits()
    with open_container(path, form.compression, form.member, limits) as stream:
        text = io.TextIOWrapper(stream, encoding=form.encoding, newline="", errors="replace")
        reader = csv.reader(text, delimiter=form.separator or ",", quotechar=form.quote)
        before = 0
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num


def _header_place(lines: Sequence[Line]) -> int:
    """The line among the first with most headings; words we know count more."""
    scores = [_heading_score(cells) for _, cells in lines[:HEADER_WITHIN]]
    best = max(range(len(scores)), key=lambda place: scores[place], default=-1)
    if best < 0 or not scores[best] or not any(any(cells) for _, cells in lines[best + 1 :]):
        raise UnreadableFile(
            f"None of the first {HEADER_WITHIN} lines looks like headings with rows below: at"
            " least two cells with different words are needed. Add a line of headings."
        )
    return best


def _heading_score(cells: Sequence[str]) -> int:
    words = [cell.strip() for cell in cells if cell.strip()]
    headings = {word for word in words if not word.replace(".", "").replace(",", "").isdigit()}
    known = sum(role_of(word) != "" for word in headings)
    if len(headings) < 2 or (known < 2 and len(headings) < len(words) * 0.7):
        return 0
    return len(headings) + KNOWN_HEADING * known


def _fit(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * width][:width]
