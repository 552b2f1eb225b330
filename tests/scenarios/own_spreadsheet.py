"""A stock list as somebody really keeps it: in a workbook, with a title, remarks and mistakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random

import xlsxwriter

ARTICLES = 230
SHELVES = [f"{rack} {number:02}" for rack in "ABC" for number in range(1, 16)] + ["Yard, left"]
NAMES = (
    "Schraube M4",
    "Screw M6 zinc",
    "Façade bracket",
    "Rubber mat",
    "Cable, 3-core",
    "Öse 12mm",
)
UNITS = ("pcs", "Stk", "Stk.", "kg", "m", "Krt")
HEADINGS = ("Art. No", "Description", "Unit", "Shelf", "Stock\n(counted)", "Cost", "Remark")

Cell = str | float | None


@dataclass
class StockList:
    """``rows`` as they stand in the sheet, and what is right: kept by hand while writing."""

    rows: list[list[Cell]] = field(default_factory=list)
    on_hand: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    units: dict[str, str] = field(default_factory=dict)
    articles: set[str] = field(default_factory=set)
    held: dict[str, list[Cell]] = field(default_factory=dict)

    @property
    def held_lines(self) -> dict[int, str]:
        """Line in the sheet → which mistake."""
        return {self.rows.index(row) + 1: name for name, row in self.held.items()}


def messy() -> StockList:
    """A title, a print date, headings in line 4, 230 articles in 46 places, and what people do."""
    made = StockList()
    made.rows += [
        ["STOCK LIST Quillbrook Workshop"],
        ["printed 3 May 2026, by hand"],
        [],
        [*HEADINGS],
    ]
    chance = Random(20260503)
    for number in range(ARTICLES):
        if number % 60 == 30:
            _heading_between(made, number)
        for row in _article(made, number, chance):
            made.rows.append(row)
        if number % 45 == 44:
            made.rows.append([])
    _mistakes(made)
    return made


def _article(made: StockList, number: int, chance: Random) -> Iterator[list[Cell]]:
    """One article in one or two places; some without stock, some with a unit of their own."""
    sku = f"{number:05}" if number % 3 else f"QB-{number:03}"
    unit = UNITS[number % len(UNITS)]
    name = f"{chance.choice(NAMES)} {number}"
    made.articles.add(sku)
    made.units[sku] = {"kg": "kg", "m": "m", "Krt": "carton"}.get(unit, "each")
    for shelf in chance.sample(SHELVES, 2 if number % 7 == 0 else 1):
        if number % 19 == 5:
            yield [sku, name, unit, shelf, chance.choice(["-", "n/a", None]), 1.5]
            continue
        whole = chance.randint(1, 2_000)
        amount = Decimal(whole) / 4 if unit in {"kg", "m"} else Decimal(whole)
        made.on_hand[sku, shelf] += amount
        yield [
            f" {sku} " if number % 11 == 0 else sku,
            name,
            unit,
            shelf,
            float(amount),
            0.25 * whole,
        ]


def _heading_between(made: StockList, number: int) -> None:
    row: list[Cell] = [f"Rack {number}"]
    made.rows.append(row)
    made.held[f"heading {number}"] = row


def _mistakes(made: StockList) -> None:
    bad: dict[str, list[Cell]] = {
        "words in the quantity": ["QB-900", "Loose washers", "pcs", "A 01", "12 pcs", 0.1],
        "below zero": ["QB-901", "Hinge", "pcs", "A 02", -3, 2.5],
        "no article": [None, "Something blue", "pcs", "A 03", 4, 1],
        "the same again, otherwise": ["QB-902", "Clamp", "pcs", "A 04", 9, 1],
        "total": ["Total", None, None, None, 123456, None, "do not use"],
    }
    made.rows.append(["QB-902", "Clamp", "pcs", "A 04", 7, 1])
    made.on_hand["QB-902", "A 04"] += 7
    made.articles |= {"QB-901", "QB-902"}
    made.units |= {"QB-900": "each", "QB-901": "each", "QB-902": "each"}
    for name, row in bad.items():
        made.rows.append(row)
        made.held[name] = row


def write_workbook(path: Path, rows: list[list[Cell]]) -> None:
    """As a workbook: article numbers as text, a sheet of notes beside it."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Lager Mai")
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write_number(line, place, cell)
        notes = book.add_worksheet("Notes")
        notes.write_column(0, 0, ["count again in June", "ask Bruno about shelf C 07"])


def write_csv(path: Path, rows: list[list[Cell]]) -> None:
    """As a German spreadsheet saves it: semicolons, decimal commas, Windows letters."""
    width = len(HEADINGS)
    lines = [";".join(_german(cell) for cell in [*row, *[None] * width][:width]) for row in rows]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))


def _german(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float | int):
        return f"{cell:,.2f}".translate(str.maketrans(",.", ".,"))
    return f'"{cell}"' if "\n" in cell else cell
