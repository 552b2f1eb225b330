"""Columns of a location as people and files state them, checked before they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps

from lodestock.catalog.types import TemperatureBand
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.gs1 import parse_gln
from lodestock.kernel.numbers import parse_quantity
from lodestock.kernel.texts import choice, clean_name
from lodestock.locations.types import STRUCTURE_KINDS, LocationType


def clean_location_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Values ready for the columns. Raises :class:`InvalidInput` naming the field."""
    for name in fields:
        if name not in _CLEANERS:
            known = ", ".join(sorted(_CLEANERS))
            raise InvalidInput(
                f"{name!r} is no field of a location; known are {known}.", field=name
            )
    return {name: _CLEANERS[name](value) for name, value in fields.items()}


def holds_stock_by_kind(kind: str) -> bool:
    """Whether goods may lie in such a place itself, unless somebody says otherwise."""
    return kind not in STRUCTURE_KINDS


def department_of(department_id: int | None, site_id: int | None) -> int | None:
    """The department's key. Raises :class:`InvalidInput` when it belongs to another site."""
    if department_id is None:
        return None
    found = apps.get_model("organisation", "Department").objects.filter(pk=department_id).first()
    if found is None or found.site_id != site_id:
        raise InvalidInput(
            "department: there is no such department at the site of the location.",
            field="department",
        )
    return department_id


def _optional(clean: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None or value == "" else clean(value)


def _number(field: str, *, positive: bool) -> Callable[[Any], Any]:
    return _optional(lambda value: parse_quantity(value, field=field, positive=positive))


def _whole(field: str, least: int, most: int) -> Callable[[Any], Any]:
    def clean(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise InvalidInput(
                f"{field}: {str(value)[:20]!r} is not a whole number from {least} to {most}.",
                field=field,
            )
        return value

    return _optional(clean)


def _flag(field: str) -> Callable[[Any], bool]:
    def clean(value: Any) -> bool:
        if not isinstance(value, bool):
            raise InvalidInput(f"{field}: true or false is needed.", field=field)
        return value

    return clean


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: clean_name(value, longest=160) if value else "",
    "type": lambda value: choice(value, LocationType, field="type") if value else "",
    "gln": _optional(parse_gln),
    "holds_stock": _flag("holds_stock"),
    "x": _number("x", positive=False),
    "y": _number("y", positive=False),
    "level": _whole("level", -100, 1_000),
    "max_weight_kg": _number("max_weight_kg", positive=True),
    "max_volume_m3": _number("max_volume_m3", positive=True),
    "temperature_band": lambda value: (
        choice(value, TemperatureBand, field="temperature_band") if value else ""
    ),
    "mixed_item": _flag("mixed_item"),
    "mixed_lot": _flag("mixed_lot"),
    "pick_sequence": _whole("pick_sequence", 0, 2_147_483_647),
}
