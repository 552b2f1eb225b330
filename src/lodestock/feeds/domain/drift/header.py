"""Drift of the header: columns renamed, dropped, added, doubled, moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from lodestock.feeds.domain.contract.model import Column
from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.drift.finding import Finding, additive, breaking

ALIKE_MIN = 0.6


def columns_missing(comparison: Comparison) -> Iterator[Finding]:
    """A column that is gone, or came back under a new name."""
    renamed = renames(comparison)
    for column in comparison.binding.missing:
        if column.optional:
            yield from _optional_missing(comparison, column)
        elif column.name in renamed:
            yield _renamed(comparison, column, renamed[column.name])
        else:
            yield breaking(
                column.name,
                "column_dropped",
                column.header,
                "(absent)",
                comparison.new.rows,
                f"no column of the file is named {' or '.join(map(repr, column.known_as()))}",
                samples=[name for _, name in comparison.binding.unknown][:5],
                fix={"action": "make_optional", "column": column.name},
            )


def _optional_missing(comparison: Comparison, column: Column) -> Iterator[Finding]:
    old = comparison.old.columns.get(column.name) if comparison.old else None
    if old is not None and old.rows:
        rows = comparison.new.rows
        why = "the contract lets it be absent"
        yield additive(column.name, "optional_absent", column.header, "(absent)", rows, why)


def _renamed(comparison: Comparison, column: Column, header: str) -> Finding:
    return breaking(
        column.name,
        "column_renamed",
        column.header,
        header,
        comparison.new.rows,
        "the only new name that resembles it or stands in its place",
        fix={"action": "add_alias", "column": column.name, "header": header},
    )


def columns_unknown(comparison: Comparison) -> Iterator[Finding]:
    """Extra columns are welcome: nothing reads them, and v1.x can name them."""
    taken = set(renames(comparison).values())
    for _, name in comparison.binding.unknown:
        if name in taken:
            continue
        yield additive(
            name or "(unnamed)",
            "column_added",
            "(absent)",
            name,
            comparison.new.rows,
            "the contract does not name this column; it is kept in the raw file and not applied",
            fix={"action": "add_column", "column": field_name(name), "header": name}
            if name
            else None,
        )


def columns_doubled(comparison: Comparison) -> Iterator[Finding]:
    for name in comparison.binding.doubled:
        yield breaking(
            name,
            "column_doubled",
            "once",
            "more than once",
            comparison.new.rows,
            "two columns of the file carry names of the same field; neither can be preferred",
        )


def columns_reordered(comparison: Comparison) -> Iterator[Finding]:
    """Columns are found by name, so their order only matters as a sign of change."""
    old = comparison.old
    if old is None or not old.headers:
        return
    known = [header.split("\x1f") for header in old.headers]
    found = list(comparison.binding.header)
    if found in known or not any(sorted(found) == sorted(header) for header in known):
        return
    before = next(header for header in known if sorted(header) == sorted(found))
    moved = [name for name, other in zip(found, before, strict=True) if name != other]
    yield additive(
        "header",
        "columns_reordered",
        ", ".join(before),
        ", ".join(found),
        comparison.new.rows,
        f"{len(moved)} columns stand elsewhere; they are read by name",
    )


def renames(comparison: Comparison) -> dict[str, str]:
    """Missing column → new name: by resemblance first, then by place when one is left over."""
    free = {name: position for position, name in comparison.binding.unknown if name}
    found: dict[str, str] = {}
    missing = [column for column in comparison.binding.missing if not column.optional]
    for column in missing:
        best = max(free, key=lambda name: _alike(column, name), default=None)
        if best is not None and _alike(column, best) >= ALIKE_MIN:
            found[column.name] = best
            del free[best]
    left = [column for column in missing if column.name not in found]
    for column in left:
        place = _old_place(comparison, column)
        standing = [name for name, position in free.items() if position == place]
        if standing and len(comparison.binding.header) >= len(comparison.contract.columns):
            found[column.name] = standing[0]
            del free[standing[0]]
    return found


def _old_place(comparison: Comparison, column: Column) -> int:
    headers = comparison.old.headers if comparison.old else {}
    for header in headers:
        names = header.split("\x1f")
        for name in column.known_as():
            if name in names:
                return names.index(name)
    return comparison.contract.column_names.index(column.name)


def _alike(column: Column, header: str) -> float:
    return max(
        SequenceMatcher(None, _plain(name), _plain(header)).ratio() for name in column.known_as()
    )


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def field_name(header: str) -> str:
    """A contract field name made from a header: ``Ship To`` → ``ship_to``."""
    plain = re.sub(r"\W+", "_", header.casefold(), flags=re.ASCII).strip("_")[:60]
    return plain if plain[:1].isalpha() else f"column_{plain}".rstrip("_")
