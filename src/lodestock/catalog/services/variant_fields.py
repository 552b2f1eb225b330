"""Columns of a variant as people and files state them, checked before they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lodestock.catalog import lookups
from lodestock.catalog.domain.attributes import clean_attributes
from lodestock.catalog.types import HAZARD_CLASSES, AbcClass, TemperatureBand, Tracking
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.gs1 import parse_gtin
from lodestock.kernel.numbers import parse_price, parse_quantity
from lodestock.kernel.texts import choice, clean_code, clean_name

MAX_SHELF_LIFE_DAYS = 36_500

#: What a new variant gets for columns nobody stated.
DEFAULTS: dict[str, Any] = {"attributes": {}, "tracking": Tracking.NONE.value}


def clean_variant_fields(
    fields: Mapping[str, Any], *, currencies: dict[str, int] | None = None
) -> dict[str, Any]:
    """Values ready for the columns; ``currency`` (a code) becomes ``currency_id``.

    Raises :class:`InvalidInput` naming the field, also for a field that does not exist.
    """
    cleaned: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "currency":
            cleaned["currency_id"] = lookups.currency_id(value, currencies)
        elif name in _CLEANERS:
            cleaned[name] = _CLEANERS[name](value)
        else:
            raise InvalidInput(
                f"{name!r} is no field of a variant; known are {', '.join(sorted(_CLEANERS))}.",
                field=name,
            )
    return cleaned


def _or_none(clean: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None or value == "" else clean(value)


def _one_of(field: str, allowed: Any, *, blank: bool = True) -> Callable[[Any], str]:
    return lambda value: "" if blank and not value else choice(value, allowed, field=field)


def _measure(field: str) -> Callable[[Any], Any]:
    return _or_none(lambda value: parse_quantity(value, field=field))


def _shelf_life(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        value = int(value) if isinstance(value, str) and value.strip().isdecimal() else 0
    if not 1 <= value <= MAX_SHELF_LIFE_DAYS:
        raise InvalidInput(
            f"shelf_life_days: a whole number of days from 1 to {MAX_SHELF_LIFE_DAYS} is needed.",
            field="shelf_life_days",
        )
    return int(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("catch_weight: true or false is needed.", field="catch_weight")
    return value


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInput("attributes: send an object of names and values.", field="attributes")
    return clean_attributes(value)


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "sku": lambda value: clean_code(value, field="sku"),
    "name": clean_name,
    "gtin": _or_none(parse_gtin),
    "attributes": _mapping,
    "tracking": _one_of("tracking", Tracking, blank=False),
    "shelf_life_days": _or_none(_shelf_life),
    "abc": _one_of("abc", AbcClass),
    "temperature_band": _one_of("temperature_band", TemperatureBand),
    "hazard_class": _one_of("hazard_class", HAZARD_CLASSES),
    "weight_kg": _measure("weight_kg"),
    "length_mm": _measure("length_mm"),
    "width_mm": _measure("width_mm"),
    "height_mm": _measure("height_mm"),
    "catch_weight": _flag,
    "standard_cost": _or_none(lambda value: parse_price(value, field="standard_cost")),
}
