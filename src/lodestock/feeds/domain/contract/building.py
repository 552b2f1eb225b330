"""Turns the checked plain data of a contract into frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lodestock.feeds.domain.contract.model import (
    Arithmetic,
    Check,
    Column,
    Condition,
    Contract,
    Form,
    FormatRule,
    Identity,
    Pointer,
    Repair,
    RowClass,
)


def build_contract(document: Mapping[str, Any]) -> Contract:
    """Assumes a document that passed the schema and the reference check."""
    identity = document["identity"]
    return Contract(
        name=document["contract"],
        version=document["version"],
        title=document.get("title", document["contract"]),
        format=_format(document["format"]),
        columns=tuple(_column(column) for column in document["columns"]),
        identity=Identity(**{**identity, "key": tuple(identity["key"])}),
        forms=tuple(_form(form) for form in document.get("forms", [])),
        classes=tuple(_row_class(item) for item in document["classes"]),
        flags=tuple(_row_class(item) for item in document.get("flags", [])),
        checks=tuple(Check(**check) for check in document.get("checks", [])),
        arithmetic=tuple(_arithmetic(item) for item in document.get("arithmetic", [])),
        timezone=document.get("timezone", "UTC"),
        century_pivot=document.get("century_pivot", 69),
        retention_days=document.get("retention_days"),
        mapping=document["mapping"],
        source=document.get("source", {}),
    )


def _format(found: Mapping[str, Any]) -> FormatRule:
    return FormatRule(
        kind=found["kind"],
        separators=tuple(found.get("separators", ())),
        encodings=tuple(found.get("encodings", ())),
        line_ends=tuple(found.get("line_ends", ())),
        sheet=found.get("sheet", ""),
        header_row=found.get("header_row", 0),
    )


def _column(found: Mapping[str, Any]) -> Column:
    plain = {key: found[key] for key in ("name", "header", "type")}
    for key in ("required", "optional", "decimal", "thousands", "case"):
        if key in found:
            plain[key] = found[key]
    for key in ("aliases", "patterns", "values"):
        plain[key] = tuple(found.get(key, ()))
    for key in ("true", "false"):
        if key in found:
            plain[key] = tuple(word.casefold() for word in found[key])
    return Column(
        **plain,
        sentinels=dict(found.get("sentinels", {})),
        pointer=Pointer(**found["pointer"]) if "pointer" in found else None,
        repairs=tuple(Repair(**repair) for repair in found.get("repairs", [])),
        minimum=_decimal(found.get("minimum")),
        maximum=_decimal(found.get("maximum")),
        scale=Decimal(found.get("scale", "1")),
    )


def _form(found: Mapping[str, Any]) -> Form:
    patterns = {column: tuple(texts) for column, texts in found.get("patterns", {}).items()}
    return Form(found["name"], dict(found.get("headers", {})), patterns)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _row_class(found: Mapping[str, Any]) -> RowClass:
    conditions = tuple(condition(item) for item in found.get("when", []))
    return RowClass(found["name"], conditions, found.get("title", ""))


def condition(found: Mapping[str, Any]) -> Condition:
    """One condition; numbers become Decimal, lists become frozen sets."""
    (op, value), *_ = [(key, item) for key, item in found.items() if key != "column"]
    if op in {"below", "above"}:
        value = Decimal(value)
    elif op == "in":
        value = frozenset(value)
    return Condition(found["column"], op, value)


def _arithmetic(found: Mapping[str, Any]) -> Arithmetic:
    tolerance = Decimal(found.get("tolerance", "0.02"))
    return Arithmetic(found["name"], found["left"], found["right"], found["product"], tolerance)
