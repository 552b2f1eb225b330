"""Streams the rows of a file: original cells, row number, and what is wrong with the line."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TextIO

from lodestock.feeds.domain.source import containers
from lodestock.feeds.domain.source.form import FileForm
from lodestock.feeds.domain.source.json_rows import json_rows
from lodestock.feeds.domain.source.limits import Limits
from lodestock.feeds.domain.source.spreadsheets import spreadsheet_rows
from lodestock.feeds.errors import FileTooLarge, UnreadableFile


class RawRow(NamedTuple):
    """One record as it came. ``number`` counts data rows from 1, ``line`` the line it starts on.

    ``problem`` is empty unless the line itself could not be split into the header's cells.
    """

    number: int
    line: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RowSource:
    """The header and a once-through iterator over the rows that follow it."""

    header: tuple[str, ...]
    rows: Iterator[RawRow]


@contextmanager
def open_source(path: Path, form: FileForm, *, limits: Limits | None = None) -> Iterator[RowSource]:
    """Opens a sniffed file for one pass. Memory use does not depend on the file's length.

    Raises ``UnreadableFile`` or ``FileTooLarge`` (also while rows are being read).
    """
    limits = limits or Limits()
    if form.kind == "xlsx":
        yield _from_cells(spreadsheet_rows(path, form), header_row=form.header_row)
        return
    with containers.open_container(path, form.compression, form.member, limits) as stream:
        text = io.TextIOWrapper(stream, encoding=form.encoding, newline="", errors="strict")
        if form.kind == "delimited":
            yield _delimited(text, form, limits)
        else:
            header, cells = json_rows(text, form.kind, limits)
            yield RowSource(header, _number(cells, len(header), line_of=None))


def _from_cells(cells: Iterator[list[str]], *, header_row: int) -> RowSource:
    header = next(itertools.islice(cells, header_row - 1, None), None)
    if header is None:
        raise UnreadableFile(f"The sheet has no row {header_row}, where its header should be.")
    names = tuple(cell.strip() for cell in header)
    above = header_row - 1
    return RowSource(names, _number(cells, len(names), line_of=lambda index: index + above))


def _delimited(text: TextIO, form: FileForm, limits: Limits) -> RowSource:
    csv.field_size_limit(limits.field_max)
    lines = _Lines(text, limits.line_max)
    for _ in range(form.header_row - 1):
        next(lines, None)
    reader = csv.reader(lines, delimiter=form.separator or ",", quotechar=form.quote, strict=True)
    header = _header(reader, limits)
    return RowSource(header, _csv_rows(reader, lines, len(header)))


def _header(reader: Iterator[list[str]], limits: Limits) -> tuple[str, ...]:
    try:
        first = next((row for row in reader if row), None)
    except csv.Error as error:
        raise UnreadableFile(f"The header line cannot be split into cells: {error}.") from error
    if first is None:
        raise UnreadableFile("The file has no header line.")
    if len(first) > limits.columns_max:
        raise FileTooLarge(f"{len(first):,} columns; at most {limits.columns_max:,} are read.")
    return tuple(cell.strip() for cell in first)


class _Lines:
    """Lines of bounded length; remembers the text of the record now being read."""

    def __init__(self, text: TextIO, line_max: int) -> None:
        self._text = text
        self._max = line_max
        self.count = 0
        self.record: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(self._max)
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                f"Line {self.count + 1:,} is not {error.encoding}: {error.reason}. "
                "Ask for the file in one encoding."
            ) from error
        if not line:
            raise StopIteration
        if len(line) >= self._max:
            raise FileTooLarge(
                f"Line {self.count + 1:,} is longer than {self._max:,} characters. "
                "The separator or a quote is probably broken there."
            )
        self.count += 1
        self.record.append(line)
        return line


def _csv_rows(reader: Iterator[list[str]], lines: _Lines, width: int) -> Iterator[RawRow]:
    number = 0
    record = lines.record
    while True:
        record.clear()
        line = lines.count + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            _refuse_runaway_quote(error, line)
            yield RawRow(number, line, ["".join(record)], _quote_problem(error))
            continue
        if not any(cells):
            continue  # a line with nothing on it, or with separators alone, is not a row
        number += 1
        yield _checked(number, line, cells, width)


def _refuse_runaway_quote(error: csv.Error, line: int) -> None:
    if "field larger" in str(error):
        raise FileTooLarge(
            f"A cell that begins near line {line:,} passes {csv.field_size_limit():,} characters: "
            "a quote is opened there and never closed."
        ) from error


def _quote_problem(error: csv.Error) -> str:
    return f"the line cannot be split into cells: {error}"


def _checked(number: int, line: int, cells: list[str], width: int) -> RawRow:
    if len(cells) == width:
        return RawRow(number, line, cells)
    if len(cells) > width and not any(cells[width:]):
        return RawRow(number, line, cells[:width])
    return RawRow(number, line, cells, f"{len(cells)} cells where the header has {width}")


def _number(
    rows: Iterator[list[str]], width: int, *, line_of: Callable[[int], int] | None
) -> Iterator[RawRow]:
    number = 0
    for index, cells in enumerate(rows, start=2):
        if not any(cells):
            continue
        number += 1
        yield _checked(number, line_of(index) if line_of else index, cells, width)
