"""References inside a contract: a name used must be a name declared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lodestock.feeds.domain.cells.dates import DatePattern
from lodestock.feeds.domain.contract.model import DATE_TYPES, NUMERIC_TYPES

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
VALUE_KEYS = ("number", "order_number", "occurred_on")


def reference_problems(document: Mapping[str, Any]) -> Iterator[str]:
    """Every dangling or doubled name, with its place; the schema has been checked before."""
    types = {column["name"]: column["type"] for column in document["columns"]}
    yield from _doubled("columns", [column["name"] for column in document["columns"]])
    yield from _doubled("columns (headers)", _headers(document["columns"]))
    yield from _identity(document["identity"], types)
    for index, column in enumerate(document["columns"]):
        yield from _column(f"columns[{index}]({column['name']})", column, types)
    for index, form in enumerate(document.get("forms", [])):
        yield from _form(f"forms[{index}]", form, document)
    yield from _rules(document, types)
    yield from _mapping(document["mapping"], types, [item["name"] for item in document["classes"]])
    yield from _timezone(document.get("timezone", "UTC"))


def _doubled(place: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{place}: {name!r} is declared {count} times"


def _headers(columns: list[dict[str, Any]]) -> list[str]:
    return [name for column in columns for name in {column["header"], *column.get("aliases", [])}]


def _known(place: str, field: str, types: Mapping[str, str]) -> Iterator[str]:
    if field not in types:
        yield f"{place}: no column is named {field!r} (known: {', '.join(sorted(types))})"


def _identity(identity: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[str]:
    for index, field in enumerate(identity["key"]):
        yield from _known(f"identity.key[{index}]", field, types)
    if "document" in identity:
        yield from _known("identity.document", identity["document"], types)
    if "date" in identity:
        yield from _typed("identity.date", identity["date"], types, DATE_TYPES, "date")


def _form(place: str, form: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    columns = {column["name"]: column for column in document["columns"]}
    types = {name: column["type"] for name, column in columns.items()}
    for field, header in form.get("headers", {}).items():
        yield from _known(f"{place}.headers", field, types)
        column = columns.get(field, {"header": header})
        if header not in (column["header"], *column.get("aliases", [])):
            yield f"{place}.headers.{field}: {header!r} is neither its header nor an alias"
    for field, patterns in form.get("patterns", {}).items():
        yield from _typed(f"{place}.patterns.{field}", field, types, DATE_TYPES, "date")
        for index, pattern in enumerate(patterns):
            yield from _pattern(f"{place}.patterns.{field}[{index}]", pattern)


def _column(place: str, column: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[str]:
    for index, pattern in enumerate(column.get("patterns", [])):
        yield from _pattern(f"{place}.patterns[{index}]", pattern)
    for index, repair in enumerate(column.get("repairs", [])):
        for key in ("looks_like", "written", "misread_as"):
            yield from _pattern(f"{place}.repairs[{index}].{key}", repair[key])
    if pointer := column.get("pointer"):
        fields = PLACEHOLDER.findall(pointer["pattern"])
        for field in fields:
            yield from _known(f"{place}.pointer.pattern", field, types)
        if pointer["key"] not in fields:
            yield f"{place}.pointer.key: {pointer['key']!r} does not appear in the pattern"


def _pattern(place: str, pattern: str) -> Iterator[str]:
    try:
        DatePattern.compile(pattern)
    except ValueError as error:
        yield f"{place}: {error}"


def _rules(document: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[str]:
    for section in ("classes", "flags"):
        rules = document.get(section, [])
        yield from _doubled(section, [rule["name"] for rule in rules])
        for index, rule in enumerate(rules):
            yield from _conditions(f"{section}[{index}].when", rule.get("when", []), types)
    for index, check in enumerate(document.get("checks", [])):
        for key in ("earlier", "later"):
            yield from _typed(f"checks[{index}].{key}", check[key], types, DATE_TYPES, "date")
    for index, rule in enumerate(document.get("arithmetic", [])):
        for key in ("left", "right", "product"):
            place = f"arithmetic[{index}].{key}"
            yield from _typed(place, rule[key], types, NUMERIC_TYPES, "number")


def _typed(
    place: str, field: str, types: Mapping[str, str], wanted: frozenset[str], word: str
) -> Iterator[str]:
    yield from _known(place, field, types)
    if field in types and types[field] not in wanted:
        yield f"{place}: {field!r} is {types[field]}, a {word} is needed"


def _conditions(
    place: str, conditions: list[dict[str, Any]], types: Mapping[str, str]
) -> Iterator[str]:
    for index, condition in enumerate(conditions):
        field = condition["column"]
        if {"below", "above"} & condition.keys():
            yield from _typed(f"{place}[{index}]", field, types, NUMERIC_TYPES, "number")
        else:
            yield from _known(f"{place}[{index}]", field, types)


def _mapping(
    mapping: Mapping[str, Any], types: Mapping[str, str], classes: list[str]
) -> Iterator[str]:
    for place, field in _value_fields("mapping", mapping):
        yield from _known(place, field, types)
    partners = {partner["name"] for partner in mapping.get("partners", [])}
    for index, document in enumerate(mapping["documents"]):
        place = f"mapping.documents[{index}]"
        if "partner" in document and document["partner"] not in partners:
            yield f"{place}.partner: mapping.partners names no {document['partner']!r}"
        yield from _classes(f"{place}.classes", document["classes"], classes)
    yield from _classes(
        "mapping.opening.classes", mapping.get("opening", {}).get("classes", []), classes
    )
    unit = mapping["products"].get("uom", "each")
    if isinstance(unit, dict):
        yield from _known("mapping.products.uom.column", unit["column"], types)
    services = mapping["products"].get("service_when", [])
    yield from _conditions("mapping.products.service_when", services, types)


def _classes(place: str, used: list[str], classes: list[str]) -> Iterator[str]:
    for name in used:
        if name not in classes:
            yield f"{place}: no class is named {name!r} (known: {', '.join(classes)})"


def _value_fields(place: str, mapping: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    products = mapping["products"]
    for key in ("sku", "name"):
        yield from _fields(f"{place}.products.{key}", products[key])
    yield from _each(f"{place}.products.attributes", products.get("attributes", {}))
    for index, partner in enumerate(mapping.get("partners", [])):
        for key in ("code", "title", "country"):
            if key in partner:
                yield from _fields(f"{place}.partners[{index}].{key}", partner[key])
    for index, document in enumerate(mapping["documents"]):
        here = f"{place}.documents[{index}]"
        yield from _each(here, {k: document[k] for k in VALUE_KEYS if k in document})
        yield from _each(f"{here}.values", document.get("values", {}))
        line = document.get("line", {})
        yield from _each(f"{here}.line", {k: v for k, v in line.items() if k != "values"})
        yield from _each(f"{here}.line.values", line.get("values", {}))


def _each(place: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        yield from _fields(f"{place}.{key}", value)


def _fields(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    else:
        for key in ("first_of", "code_of"):
            for index, field in enumerate(value.get(key, [])):
                yield f"{place}.{key}[{index}]", field


def _timezone(name: str) -> Iterator[str]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"timezone: {name!r} is not a known time zone (write e.g. Europe/London)"
