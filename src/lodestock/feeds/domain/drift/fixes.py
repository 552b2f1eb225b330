"""A confirmed fix becomes the next minor version of the contract; the file is read with it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Document = dict[str, Any]


def amend(
    document: Mapping[str, Any], fixes: Iterable[Mapping[str, Any]], *, form: str = ""
) -> Document:
    """A copy of the contract's plain data with the fixes worked in and the minor version raised.

    ``form`` is the declared form whose file showed the drift; date patterns are changed there.
    Raises ``KeyError`` for an action that is not known.
    """
    amended = copy.deepcopy(dict(document))
    for fix in fixes:
        _ACTIONS[fix["action"]](amended, fix, form)
    amended["version"] = next_minor(amended["version"])
    return amended


def next_minor(version: str) -> str:
    major, minor = version.split(".")
    return f"{major}.{int(minor) + 1}"


def _column(document: Document, name: str) -> Document:
    found: Document = next(column for column in document["columns"] if column["name"] == name)
    return found


def _read_dates_as(document: Document, fix: Mapping[str, Any], form: str) -> None:
    """Adds the pattern; where the old one spells the same dates otherwise, replaces it."""
    name, pattern, instead_of = fix["column"], fix["pattern"], fix.get("instead_of")
    column = _column(document, name)
    column["patterns"] = _patterns(column["patterns"], pattern, instead_of)
    for declared in document.get("forms", []):
        if declared["name"] == form and name in declared.get("patterns", {}):
            declared["patterns"][name] = _patterns(declared["patterns"][name], pattern, instead_of)


def _patterns(patterns: list[str], pattern: str, instead_of: str | None) -> list[str]:
    kept = [text for text in patterns if text not in {pattern, instead_of}]
    return [*kept, pattern] if instead_of is None else [pattern, *kept]


def _add_alias(document: Document, fix: Mapping[str, Any], form: str) -> None:
    column = _column(document, fix["column"])
    column["aliases"] = [*column.get("aliases", []), fix["header"]]


def _make_optional(document: Document, fix: Mapping[str, Any], form: str) -> None:
    column = _column(document, fix["column"])
    column["optional"], column["required"] = True, False


def _add_column(document: Document, fix: Mapping[str, Any], form: str) -> None:
    taken = {column["name"] for column in document["columns"]}
    name = fix["column"]
    while name in taken:
        name += "_"
    new = {"name": name, "header": fix["header"], "type": "text", "optional": True}
    document["columns"] = [*document["columns"], new]


def _add_values(document: Document, fix: Mapping[str, Any], form: str) -> None:
    column = _column(document, fix["column"])
    key = "values" if column["type"] == "enum" else "true"
    column[key] = [*column.get(key, []), *fix["values"]]


def _read_numbers_as(document: Document, fix: Mapping[str, Any], form: str) -> None:
    column = _column(document, fix["column"])
    column["decimal"], column["thousands"] = fix["decimal"], fix["thousands"]


def _scale(document: Document, fix: Mapping[str, Any], form: str) -> None:
    _column(document, fix["column"])["scale"] = fix["factor"]


def _drop_repair(document: Document, fix: Mapping[str, Any], form: str) -> None:
    column = _column(document, fix["column"])
    column.pop("repairs", None)
    column["patterns"] = [*column["patterns"], fix["pattern"]]


def _accept(key: str, item: str) -> Callable[[Document, Mapping[str, Any], str], None]:
    def accept(document: Document, fix: Mapping[str, Any], form: str) -> None:
        declared = document["format"].get(key)
        if declared is not None and fix[item] not in declared:
            document["format"][key] = [*declared, fix[item]]
        elif declared is None:
            document["format"][key] = [fix[item], *fix.get("usual", [])]

    return accept


def _accept_format(document: Document, fix: Mapping[str, Any], form: str) -> None:
    document["format"]["kind"] = fix["kind"]


def _accept_drift(document: Document, fix: Mapping[str, Any], form: str) -> None:
    """Nothing in the contract changes: the person says that the new population is right."""


_ACTIONS: Mapping[str, Callable[[Document, Mapping[str, Any], str], None]] = {
    "read_dates_as": _read_dates_as,
    "add_alias": _add_alias,
    "make_optional": _make_optional,
    "add_column": _add_column,
    "add_values": _add_values,
    "read_numbers_as": _read_numbers_as,
    "scale": _scale,
    "drop_repair": _drop_repair,
    "accept_separator": _accept("separators", "separator"),
    "accept_encoding": _accept("encodings", "encoding"),
    "accept_line_ends": _accept("line_ends", "line_ends"),
    "accept_format": _accept_format,
    "accept_drift": _accept_drift,
}
