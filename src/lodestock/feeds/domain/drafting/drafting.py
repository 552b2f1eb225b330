"""Drafts the contract of a stock list from the file itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lodestock.feeds.domain.contract import parse_contract
from lodestock.feeds.domain.drafting.guessing import Guess, guess_column
from lodestock.feeds.domain.drafting.roles import HEADINGS, assign_roles, plain, unit_code
from lodestock.feeds.domain.drafting.tables import Table, find_table
from lodestock.feeds.domain.drafting.writing import Column, Page, write
from lodestock.kernel.errors import InvalidInput

NEEDED = ("sku", "quantity")
CODE_MAX = 60
NAMED_MIN = 0.9
_TOTAL = re.compile(r"(?i)((grand |sub-?)?totals?|sum|summe|gesamt)\b")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user knows better. ``means`` maps a role to the heading of its column."""

    name: str = ""
    sheet: str = ""
    currency: str = "EUR"
    time_zone: str = "UTC"
    site: str = "MAIN"
    means: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """``text`` is the YAML; ``checks`` what a person should look at before believing it."""

    text: str
    checks: tuple[str, ...]
    rows: int


def draft(path: Path, wishes: Wishes) -> Draft:
    """The contract of a stock list, with what was seen and what is uncertain.

    Raises ``UnreadableFile`` for what is no table, and ``InvalidInput`` when the columns of
    article and quantity cannot be told: ``wishes.means`` names them.
    """
    table = find_table(path, sheet=wishes.sheet)
    roles = assign_roles(table.header, _means(table, wishes))
    _refuse_without(roles, table)
    columns = _columns(table, roles)
    _require(columns, len(table.rows))
    page = Page(
        file=path.name,
        code=_code(wishes.name or path.stem),
        table=table,
        columns=columns,
        currency=wishes.currency,
        time_zone=wishes.time_zone,
        site=wishes.site,
        units=_units(table, roles),
        key=_key(columns),
        repeated=_repeated(table, roles),
        without_stock=_without_stock(table, roles),
        totals=_totals(table, roles),
    )
    text, checks = write(page)
    parse_contract(text, name=f"{page.code}.yaml")
    return Draft(text, tuple(checks), len(table.rows))


def _means(table: Table, wishes: Wishes) -> dict[str, str]:
    for role, heading in wishes.means.items():
        if role not in HEADINGS:
            raise InvalidInput(
                f"{role!r} is no role of a column; there are {', '.join(HEADINGS)}.", field=role
            )
        if heading not in table.header:
            found = ", ".join(name for name in table.header if name)
            raise InvalidInput(
                f"No column is headed {heading!r}; line {table.header_row} has: {found}.",
                field=role,
            )
    return dict(wishes.means)


def _refuse_without(roles: Mapping[int, str], table: Table) -> None:
    missing = [role for role in NEEDED if role not in roles.values()]
    if not missing:
        return
    found = ", ".join(repr(name) for name in table.header if name)
    say = " ".join(f"--is {role}=HEADING" for role in missing)
    raise InvalidInput(
        f"Which column is the {' and which the '.join(missing)}? Line {table.header_row} is headed"
        f" {found}. Say it with {say}.",
        field=missing[0],
    )


def _columns(table: Table, roles: Mapping[int, str]) -> list[Column]:
    counts = Counter(table.header)
    columns: list[Column] = []
    for place, heading in enumerate(table.header):
        if not heading:
            continue
        role = roles.get(place, "")
        cells = [(number, row[place].strip()) for number, row in table.rows if row[place].strip()]
        if counts[heading] > 1 and role:
            raise InvalidInput(
                f"{counts[heading]} columns are headed {heading!r}: give each one its own heading.",
                field=role,
            )
        if counts[heading] == 1:
            name = role or _free_name(heading, [column.name for column in columns])
            columns.append(Column(name, heading, role, guess_column(cells, role), _seen(cells)))
    return columns


def _free_name(heading: str, taken: Sequence[str]) -> str:
    base = _code(heading)
    names = (base, *(f"{base}_{number}" for number in range(2, 1_000)))
    return next(name for name in names if name not in taken and name not in HEADINGS)


def _seen(cells: Sequence[tuple[int, str]]) -> tuple[int, list[str]]:
    return len(cells), [text for text, _ in Counter(text for _, text in cells).most_common(3)]


def _require(columns: Sequence[Column], rows: int) -> None:
    """Every row needs its article, and its name where nearly every row has one.

    So a line that is a heading between the others is held, and makes no article.
    """
    for column in columns:
        if column.role == "sku" or (column.role == "name" and column.seen[0] >= rows * NAMED_MIN):
            column.guess.keys = {"required": True, **column.guess.keys}


def _code(text: str) -> str:
    code = re.sub(r"[^a-z0-9]+", "_", plain(text)).strip("_")[:CODE_MAX]
    return code if code[:1].isalpha() else f"c_{code}".rstrip("_")


def _units(table: Table, roles: Mapping[int, str]) -> dict[str, str] | None:
    """Each word of the unit column → a code of a unit, or '' for one nobody knows."""
    place = next((place for place, role in roles.items() if role == "unit"), None)
    if place is None:
        return None
    words = Counter(row[place].strip() for _, row in table.rows if row[place].strip())
    return {word: unit_code(word) for word, _ in words.most_common()}


def _key(columns: Sequence[Column]) -> tuple[str, ...]:
    roles = {column.role for column in columns}
    return ("sku", "location") if "location" in roles else ("sku",)


def _place(roles: Mapping[int, str], role: str) -> int:
    return next(place for place, one in roles.items() if one == role)


def _without_stock(table: Table, roles: Mapping[int, str]) -> list[int]:
    place = _place(roles, "quantity")
    return [number for number, row in table.rows if not row[place].strip()]


def _totals(table: Table, roles: Mapping[int, str]) -> list[tuple[int, str]]:
    """Lines that add the others up: they must not become an article."""
    place = _place(roles, "sku")
    found = [(number, row[place].strip()) for number, row in table.rows]
    return [(number, text) for number, text in found if _TOTAL.match(text)]


def _repeated(table: Table, roles: Mapping[int, str]) -> list[int]:
    """Lines whose article (and place) an earlier line has."""
    places = [place for place, role in roles.items() if role in {"sku", "location"}]
    seen: set[tuple[str, ...]] = set()
    repeated = []
    for number, row in table.rows:
        key = tuple(row[place].strip() for place in places)
        if key in seen:
            repeated.append(number)
        seen.add(key)
    return repeated


__all__ = ["Draft", "Guess", "Wishes", "draft"]
