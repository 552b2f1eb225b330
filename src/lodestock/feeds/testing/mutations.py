"""Files that went wrong on purpose: one clean file in, many drifted ones out.

Each mutation says whether it is *breaking*: whether taking the file as if nothing had happened
could store something false. Reordered columns and other line ends are not.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from lodestock.feeds.domain.cells.dates import DatePattern
from lodestock.feeds.domain.contract.model import Column, Contract

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A parsed file, to be written again in any form."""

    header: list[str]
    rows: Rows

    def write(self, *, separator: str = ",", ends: str = "\r\n", encoding: str = "utf-8") -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=separator, lineterminator=ends)
        writer.writerow(self.header)
        writer.writerows(self.rows)
        return out.getvalue().encode(encoding, errors="replace")


@dataclass(frozen=True, slots=True)
class Mutation:
    name: str
    data: bytes
    breaking: bool = True


def read_table(data: bytes, separator: str = ",") -> Table:
    """The table in UTF-8 bytes."""
    text = io.StringIO(data.decode("utf-8"), newline="")
    header, *rows = csv.reader(text, delimiter=separator)
    return Table(header, rows)


def mutations(contract: Contract, table: Table, rng: random.Random) -> Iterator[Mutation]:
    """Every mutation that can be made of this table under this contract."""
    yield from _outer(table)
    yield from _header(contract, table, rng)
    for index, name in enumerate(table.header):
        column = next((c for c in contract.columns if name in c.known_as()), None)
        if column is not None:
            yield from _cells(column, table, index, rng)


def _outer(table: Table) -> Iterator[Mutation]:
    yield Mutation("separator semicolon", table.write(separator=";"))
    yield Mutation("separator pipe", table.write(separator="|"))
    yield Mutation("encoding utf-16", table.write(encoding="utf-16"))
    yield Mutation("encoding with mark", table.write(encoding="utf-8-sig"))
    plain = table.write()
    if not plain.isascii():
        yield Mutation("encoding cp1252", table.write(encoding="cp1252"))
        yield Mutation("encoding twice", plain.decode("cp1252", "replace").encode("utf-8"))
    yield Mutation("line ends LF", table.write(ends="\n"), breaking=False)
    yield Mutation("line ends CR", table.write(ends="\r"), breaking=False)


def _header(contract: Contract, table: Table, rng: random.Random) -> Iterator[Mutation]:
    order = list(range(len(table.header)))
    rng.shuffle(order)
    yield Mutation("columns reordered", _pick(table, order).write(), breaking=False)
    added = Table([*table.header, "Remark"], [[*row, "x"] for row in table.rows])
    yield Mutation("column added", added.write(), breaking=False)
    for index, name in enumerate(table.header):
        kept = [i for i in range(len(table.header)) if i != index]
        yield Mutation(f"dropped {name}", _pick(table, kept).write())
        for new in (name.upper() + "_NO", name[::-1]):
            header = [*table.header[:index], new, *table.header[index + 1 :]]
            yield Mutation(f"renamed {name} to {new}", Table(header, table.rows).write())


def _pick(table: Table, order: Sequence[int]) -> Table:
    header = [table.header[i] for i in order]
    return Table(header, [[row[i] for i in order] for row in table.rows])


def _cells(column: Column, table: Table, index: int, rng: random.Random) -> Iterator[Mutation]:
    def mapped(name: str, change: Callable[[str], str]) -> Iterator[Mutation]:
        rows = [[*row[:index], change(row[index]), *row[index + 1 :]] for row in table.rows]
        changed = sum(a[index] != b[index] for a, b in zip(rows, table.rows, strict=True))
        if changed >= max(3, len(rows) * 0.05):
            yield Mutation(f"{name} {column.name}", Table(table.header, rows).write())

    if column.is_numeric:
        yield from mapped("times 1000", lambda text: scaled(text, Decimal(1000)))
        yield from mapped("divided by 1000", lambda text: scaled(text, Decimal("0.001")))
        yield from mapped("decimal comma", lambda text: text.replace(".", ","))
        yield from mapped("retyped with unit", lambda text: f"{text} pcs" if text else text)
    if column.is_date:
        for pattern in _other_patterns(column, table, index):
            yield from mapped(f"dates as {pattern}", _respelled(column, pattern))
    if column.type == "enum":
        value = rng.choice(column.values)
        yield from mapped("new value", lambda text: "Something new" if text == value else text)
    if column.type in {"code", "text"} and any(row[index].isdigit() for row in table.rows):
        yield from mapped("retyped float", lambda text: f"{text}.0" if text.isdigit() else text)
    yield from mapped("emptied", lambda _text: "")


def scaled(text: str, factor: Decimal) -> str:
    """The number times the factor, spelled plainly; other texts stay."""
    try:
        value = Decimal(text) * factor
    except InvalidOperation:
        return text
    return format(value.normalize(), "f") if value else text


def _other_patterns(column: Column, table: Table, index: int) -> list[str]:
    """Other spellings of the column's dates, the silent exchange of day and month included."""
    clock = " HH:MM" if column.type == "datetime" else ""
    wanted = [f"d/m/yyyy{clock}", f"m/d/yyyy{clock}", f"d.m.yyyy{clock}", f"yyyymmdd{clock}"]
    for pattern in column.patterns:
        turned = DatePattern.compile(pattern).swapped()
        if turned is not None and _found(column, table, index) == pattern:
            wanted.append(turned.text)
    return wanted


def _found(column: Column, table: Table, index: int) -> str:
    for row in table.rows:
        for pattern in column.patterns:
            if DatePattern.compile(pattern).parse(row[index]):
                return pattern
    return ""


def _respelled(column: Column, pattern: str) -> Callable[[str], str]:
    target = DatePattern.compile(pattern)

    def change(text: str) -> str:
        moment = _parse(column, text)
        return target.format(moment) if moment else text

    return change


def _parse(column: Column, text: str) -> datetime | None:
    for pattern in column.patterns:
        moment = DatePattern.compile(pattern).parse(text)
        if moment:
            return moment
    return None
