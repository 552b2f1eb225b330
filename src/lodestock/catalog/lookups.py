"""Codes of the organisation's lists, resolved once per call."""

from __future__ import annotations

from fractions import Fraction

from django.apps import apps

from lodestock.catalog.domain.conversion import Unit
from lodestock.catalog.errors import UnknownUnit
from lodestock.kernel.errors import InvalidInput


def units() -> dict[str, Unit]:
    """Every unit of measure by code."""
    rows = apps.get_model("organisation", "Uom").objects.values_list(
        "code", "dimension", "factor", "decimal_places"
    )
    return {
        code: Unit(code, dimension, None if factor is None else Fraction(factor), places)
        for code, dimension, factor, places in rows
    }


def unit_ids() -> dict[str, int]:
    """Keys of the active units of measure by code."""
    return _ids("Uom")


def currency_ids() -> dict[str, int]:
    """Keys of the active currencies by code."""
    return _ids("Currency")


def unit_id(code: str, known: dict[str, int] | None = None) -> int:
    """The key of a unit. Raises :class:`UnknownUnit`."""
    known = unit_ids() if known is None else known
    if code not in known:
        raise UnknownUnit(
            f"There is no active unit {code!r}; known are {', '.join(sorted(known))}.", field="uom"
        )
    return known[code]


def currency_id(code: str | None, known: dict[str, int] | None = None) -> int | None:
    """The key of a currency, ``None`` for none. Raises :class:`InvalidInput`."""
    if not code:
        return None
    known = currency_ids() if known is None else known
    if code not in known:
        raise InvalidInput(
            f"There is no active currency {code!r}: use an ISO 4217 code, or add it first.",
            field="currency",
        )
    return known[code]


def _ids(name: str) -> dict[str, int]:
    rows = apps.get_model("organisation", name).objects.active()
    return dict(rows.values_list("code", "id"))
