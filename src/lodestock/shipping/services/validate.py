"""What a shipment must be before anything is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.numbers import AMOUNT_PLACES, QUANTITY_PLACES, parse_quantity
from lodestock.shipping.domain.stated import check_stated
from lodestock.shipping.errors import TimesOutOfOrder
from lodestock.shipping.types import NOT_STATED, ShipmentInput, ShipmentLineInput, Stated


def checked(given: ShipmentInput, moment: datetime) -> ShipmentInput:
    """``given`` with its figures at their columns' places.

    Raises :class:`InvalidInput` for a shipment without lines, keys that occur twice, quantities
    and figures that cannot be, and :class:`TimesOutOfOrder`.
    """
    name = given.external_id or "the shipment"
    if not given.lines:
        raise InvalidInput(f"{name} has no lines: name at least one article.", field="lines")
    keys = [line.external_key for line in given.lines if line.external_key]
    if len(keys) != len(set(keys)):
        raise InvalidInput(f"{name}: an external key occurs twice.", field="lines")
    _check_times(given, moment, name)
    return replace(
        given,
        lines=tuple(_checked_line(line) for line in given.lines),
        weight=_weight(given.weight),
        freight=_money(given.freight, "freight"),
    )


def _checked_line(line: ShipmentLineInput) -> ShipmentLineInput:
    quantity = parse_quantity(line.quantity)
    stated = (line.weight, line.freight, line.insurance)
    if quantity is line.quantity and all(one is NOT_STATED for one in stated):
        return line
    return replace(
        line,
        quantity=quantity,
        weight=_weight(line.weight),
        freight=_money(line.freight, "freight"),
        insurance=_money(line.insurance, "insurance"),
    )


def _weight(stated: Stated) -> Stated:
    return check_stated(stated, field="weight", places=QUANTITY_PLACES)


def _money(stated: Stated, field: str) -> Stated:
    return check_stated(stated, field=field, places=AMOUNT_PLACES)


def _check_times(given: ShipmentInput, moment: datetime, name: str) -> None:
    for field in ("planned_at", "departed_at", "delivered_at"):
        when = getattr(given, field)
        if when is not None and when > moment:
            raise TimesOutOfOrder(
                f"{name}: {field} {when.isoformat()} lies in the future; a plan for a coming day is"
                " 'scheduled_on'.",
                field=field,
            )
    if given.departed_at and given.delivered_at and given.delivered_at < given.departed_at:
        raise TimesOutOfOrder(
            f"{name}: delivered {given.delivered_at.isoformat()}, before it departed"
            f" {given.departed_at.isoformat()}.",
            field="delivered_at",
        )
