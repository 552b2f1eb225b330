"""Writes a drafted contract as YAML that explains itself."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lodestock.feeds.domain.drafting.guessing import Guess
from lodestock.feeds.domain.drafting.tables import Table

SHOWN = 8
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_ /-]*")
_MEANS_SOMETHING = {"yes", "no", "true", "false", "on", "off", "null", "y", "n"}


@dataclass(slots=True)
class Column:
    """``seen``: how many cells are filled, and the most frequent of them."""

    name: str
    header: str
    role: str
    guess: Guess
    seen: tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """All a contract of a stock list is made of. ``units`` is None without a unit column."""

    file: str
    code: str
    table: Table
    columns: Sequence[Column]
    currency: str
    time_zone: str
    site: str
    units: Mapping[str, str] | None
    key: tuple[str, ...]
    repeated: Sequence[int]
    without_stock: Sequence[int]
    totals: Sequence[tuple[int, str]]

    def has(self, role: str) -> bool:
        return any(column.role == role for column in self.columns)


def write(page: Page) -> tuple[str, list[str]]:
    """The YAML, and what in it a person should check."""
    checks: list[str] = []
    parts = [
        _head(page),
        _format(page),
        _identity(page, checks),
        _columns(page, checks),
        _mapping(page, checks),
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n", checks


def _head(page: Page) -> list[str]:
    return [
        f"# A stock list, drafted from {page.file}: {len(page.table.rows):,} rows were looked at.",
        "# Lines marked CHECK are guesses that matter. Try it, and change it as often as you like:",
        f"#   lodestock import_feed {page.code}.yaml {shlex.quote(page.file)} --dry-run",
        "# All a contract may say: docs/howto/feeds.md",
        f"contract: {page.code}",
        'version: "1.0" # once a file is in, raise it when you change something below',
        f"title: {quoted(f'Stock list {page.file}')}",
        f"timezone: {page.time_zone}",
    ]


def _format(page: Page) -> list[str]:
    table, form = page.table, page.table.form
    lines = ["format:", f"  kind: {form.kind}"]
    if form.kind == "delimited":
        lines.append(f"  separators: [{form.separator_name}] # {form.evidence['separator']}")
        lines.append(f"  encodings: [{form.encoding}] # {form.evidence['encoding']}")
    if form.sheet:
        others = len(table.sheets) - 1
        told = f" # the longest of {others + 1} sheets" if others else ""
        lines.append(f"  sheet: {quoted(form.sheet)}{told}")
    if table.header_row > 1:
        lines.append(f"  header_row: {table.header_row} # what stands above it is not read")
    return lines


def _identity(page: Page, checks: list[str]) -> list[str]:
    lines = ["# By these a row is known again: the same list twice books nothing twice."]
    if page.repeated:
        lines += _check(
            checks,
            f"{len(page.repeated)} line(s) name article and place of an earlier one"
            f" ({_numbers(page.repeated)}): they will be held, unless they say the same",
        )
    return [*lines, "identity:", f"  key: [{', '.join(page.key)}]", "  repeats: refuse"]


def _columns(page: Page, checks: list[str]) -> list[str]:
    lines = ["columns:"]
    for column in page.columns:
        filled, examples = column.seen
        shown = ", ".join(_short(text) for text in examples)
        lines.append(
            f"  # {filled:,} of {len(page.table.rows):,} filled" + (f": {shown}" if shown else "")
        )
        lines += [f"  # {_line(note)}" for note in column.guess.notes]
        for check in column.guess.checks:
            lines += _check(checks, f"{column.header}: {check}", indent="  ")
        lines.append(f"  - {_flow(_column(column))}")
    return lines


def _column(column: Column) -> dict[str, object]:
    return {
        "name": column.name,
        "header": column.header,
        "type": column.guess.type,
        **column.guess.keys,
    }


def _mapping(page: Page, checks: list[str]) -> list[str]:
    lines = [
        *_classes(page, checks),
        "",
        "mapping:",
        f"  currency: {page.currency}" + (" # of the cost column" if page.has("cost") else ""),
        f"  site: {page.site} # made if nobody has set it up",
    ]
    if page.has("location"):
        lines.append("  places: create # unknown places become bins; say known once all are there")
    lines += ["  products:", "    sku: sku", f"    name: {'name' if page.has('name') else 'sku'}"]
    lines += _unit(page, checks)
    lines += _attributes(page)
    line = {"quantity": "quantity"}
    line |= {"place": "location"} if page.has("location") else {}
    line |= {"unit_price": "cost"} if page.has("cost") else {}
    if page.without_stock:
        many = len(page.without_stock)
        lines.append(f"  # {many} line(s) have no quantity: they make an article and no stock")
    return [
        *lines,
        "  documents:",
        "    - kind: opening_stock",
        "      classes: [stock]",
        "      number: sku",
        f"      line: {_flow(line)}",
    ]


def _classes(page: Page, checks: list[str]) -> list[str]:
    if not page.totals:
        return ["classes:", "  - {name: stock}"]
    shown = ", ".join(f"line {number}: {_short(text)}" for number, text in page.totals[:SHOWN])
    words = "|".join(sorted({re.escape(text) for _, text in page.totals}))
    return [
        *_check(checks, f"these lines add up others and will be held; reject them ({shown})"),
        "classes:",
        f"  - {{name: stock, when: [{{column: sku, matches: {json.dumps(f'^(?!({words})$)')}}}]}}",
    ]


def _unit(page: Page, checks: list[str]) -> list[str]:
    if page.units is None:
        return ["    uom: each # no column says the unit"]
    known = {word: code for word, code in page.units.items() if code and word != code}
    unknown = [word for word, code in page.units.items() if not code]
    lines = ["    uom:", "      column: unit", "      otherwise: each # where the cell is empty"]
    if unknown:
        lines += _check(
            checks,
            f"which units are {', '.join(map(_short, unknown[:SHOWN]))}? Add them to words as"
            " WORD: CODE (codes: each, kg, m, box …); their rows are held until then",
            indent="      ",
        )
    return [*lines, f"      words: {_flow(known)}"]


def _attributes(page: Page) -> list[str]:
    free = [c for c in page.columns if not c.role and c.seen[0]]
    if not free:
        return []
    shown = _flow({column.name: column.name for column in free})
    return ["    # To keep the other columns with the articles:", f"    # attributes: {shown}"]


def _check(checks: list[str], text: str, indent: str = "") -> Iterator[str]:
    text = _line(text)
    checks.append(text)
    yield f"{indent}# CHECK {text}"


def _flow(values: Mapping[str, object]) -> str:
    return "{" + ", ".join(f"{quoted(key)}: {_value(value)}" for key, value in values.items()) + "}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return _flow(value)
    if isinstance(value, list):
        return "[" + ", ".join(quoted(item) for item in value) + "]"
    return quoted(str(value))


def quoted(text: str) -> str:
    """A scalar of YAML that stays a text, in quotes where it needs them."""
    if _PLAIN.fullmatch(text) and text.strip() == text and text.casefold() not in _MEANS_SOMETHING:
        return text
    return json.dumps(text, ensure_ascii=False)


def _short(text: str) -> str:
    text = _line(text)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _line(text: str) -> str:
    """On one line: a comment ends where its line does."""
    return " ".join(text.split())


def _numbers(found: Sequence[int]) -> str:
    more = ", …" if len(found) > SHOWN else ""
    return ", ".join(map(str, found[:SHOWN])) + more
