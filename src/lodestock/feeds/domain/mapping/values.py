"""Value expressions of a mapping: a field, a constant, the first that is there, or a made code."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lodestock.feeds.domain.cells.cell import EMPTY, Cell, State

Row = Mapping[str, Cell]
Value = Callable[[Row], Cell]
SLUG_MAX = 24


def compile_value(expression: Any) -> Value:
    """A function from a row's cells to one cell. ``None`` gives always-empty."""
    if expression is None:
        return lambda _row: EMPTY
    if isinstance(expression, str):
        return lambda row: row[expression]
    if "const" in expression:
        constant = text_cell(expression["const"])
        return lambda _row: constant
    if "first_of" in expression:
        return _first_of(expression["first_of"], expression.get("otherwise"))
    return _code_of(expression["code_of"], expression.get("prefix", ""))


def compile_unit(expression: str | Mapping[str, Any]) -> Callable[[Row], str]:
    """A function from a row's cells to a code of a unit: a constant, or a column's own words."""
    if isinstance(expression, str):
        return lambda _row: expression
    column, otherwise = expression["column"], expression.get("otherwise", "each")
    words = {word.casefold(): code for word, code in expression.get("words", {}).items()}

    def unit(row: Row) -> str:
        cell = row[column]
        if cell.state is not State.VALUE:
            return otherwise
        return words.get(cell.canonical.casefold(), cell.canonical)

    return unit


def text_cell(text: str) -> Cell:
    return Cell(State.VALUE, text, text)


def _first_of(fields: Sequence[str], otherwise: str | None) -> Value:
    fallback = EMPTY if otherwise is None else text_cell(otherwise)

    def first(row: Row) -> Cell:
        for name in fields:
            if row[name].state is State.VALUE:
                return row[name]
        return fallback

    return first


def _code_of(fields: Sequence[str], prefix: str) -> Value:
    made: dict[str, Cell] = {}

    def code(row: Row) -> Cell:
        text = " ".join(row[name].canonical for name in fields)
        cell = made.get(text)
        if cell is None:
            cell = made[text] = text_cell(code_from(text, prefix))
        return cell

    return code


def code_from(text: str, prefix: str = "") -> str:
    """A readable, stable code: ``SCMS-NEVIRAPINE-200MG-TABLETS-3F9A1C``.

    The end is a digest of the whole text, so different texts never share a code by their start.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").upper()[:SLUG_MAX].rstrip("-")
    digest = hashlib.blake2b(text.encode(), digest_size=3).hexdigest().upper()
    return "-".join(part for part in (prefix, slug, digest) if part)
