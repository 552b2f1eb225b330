"""How a column of a list reads: statuses as badges, numbers without idle zeros.

Rooms name plain fields in ``list_display``; what a field is decides how it looks, so every list
of the back office speaks the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.html import format_html
from unfold.decorators import display

from lodestock.kernel.fields import AmountField, EnumField

Column = str | Callable[[Any], Any]

# Grey for drafts, blue for work in progress, green for done, amber for a look, red for stopped.
_WORDS = {
    "info": "created submitted approved sent acknowledged negotiating partially_received receiving "
    "partially_fulfilled ready booked departed in_transit out_for_delivery running held claimed "
    "packing announced arrived counted putaway_pending queued leased",
    "success": "received closed fulfilled delivered stored accepted succeeded finished applied "
    "available released restock credited completed resolved active open consumed unchanged",
    "warning": "quarantine quarantined hold short over parked retrying drifted waiting medium "
    "inspected redelivery additive investigating snoozed",
    "danger": "rejected cancelled failed damaged wrong dead blocked high critical refused expired "
    "stopped scrap",
}
BADGES = {word: colour for colour, words in _WORDS.items() for word in words.split()}


def readable(model: type[models.Model], columns: Sequence[Column]) -> list[Column]:
    """``columns`` of a list of ``model``, each shown the way its kind of field is read."""
    return [_column(model, column) for column in columns]


def trimmed(number: Decimal | None, places: int = 0) -> str:
    """A decimal with thousands separated, without idle zeros beyond ``places`` decimals."""
    if number is None:
        return ""
    text = f"{number:,f}"
    whole, point, decimals = text.partition(".")
    kept = decimals.rstrip("0").ljust(places, "0")
    return f"{whole}{point}{kept}" if kept else whole


def _column(model: type[models.Model], column: Column) -> Column:
    if not isinstance(column, str):
        return column
    try:
        field = model._meta.get_field(column)
    except FieldDoesNotExist:
        return column
    if isinstance(field, EnumField):
        return _badge(field)
    if isinstance(field, models.DecimalField):
        return _number(field)
    if column != field.name:
        return _key(field, column)
    return column


def _badge(field: models.Field[Any, Any]) -> Column:
    name = field.name

    @display(description=field.verbose_name, ordering=name, label=_colours(field.choices or ()))
    def badge(row: Any) -> tuple[str, str]:
        value = getattr(row, name)
        return value, getattr(row, f"get_{name}_display")()

    badge.__name__ = name
    return badge


def _colours(choices: Iterable[Any]) -> dict[str, str]:
    return {value: BADGES.get(str(value).lower(), "default") for value, _label in choices}


def _number(field: models.DecimalField[Any, Any]) -> Column:
    name = field.name
    places = 2 if isinstance(field, AmountField) else 0

    @display(description=field.verbose_name, ordering=name)
    def number(row: Any) -> str:
        value = getattr(row, name)
        if value is None:
            return "-"
        return format_html('<span class="tabular-nums">{}</span>', trimmed(value, places))

    number.__name__ = name
    return number


def _key(field: models.Field[Any, Any] | Any, attname: str) -> Column:
    """The stored key of a foreign key (a currency's code), under the name of the relation."""

    @display(description=field.verbose_name, ordering=attname)
    def key(row: Any) -> Any:
        return getattr(row, attname)

    key.__name__ = attname
    return key
