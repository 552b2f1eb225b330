"""Handling units: made known, moved as a whole, packed into each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from lodestock.eventstore.services import append_many
from lodestock.eventstore.types import Stream
from lodestock.inventory import events
from lodestock.inventory.errors import HandlingUnitRefused
from lodestock.inventory.models import HandlingUnit
from lodestock.inventory.selectors.units import (
    contents_of_tree,
    is_packed,
    place_of_unit,
    units_by_serial,
)
from lodestock.inventory.types import MovementLine, Place, PostingReceipt
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput
from lodestock.kernel.gs1 import parse_sscc

from .call import call
from .post_movements import post_movements

_PLACE = "SELECT ledger.place_unit_v1(%s, %s)"
_NEST = "SELECT ledger.nest_unit_v1(%s, %s)"


def create_handling_unit(*, kind: str, location_id: int, **fields: Any) -> HandlingUnit:
    """Make a unit known, empty, at a place. ``fields``: sscc, serial, weights, divisible.

    Goods come into it by posting a movement whose destination names it. Raises
    :class:`Conflict` when the SSCC is in use, :class:`InvalidInput` for a wrong check digit.
    """
    if fields.get("sscc"):
        fields["sscc"] = parse_sscc(fields["sscc"])
    try:
        with transaction():
            unit = HandlingUnit.objects.create(kind=kind, location_id=location_id, **fields)
            append_many([_created(unit)])
    except IntegrityError as error:
        if "sscc" in str(error):
            raise Conflict(f"The SSCC {fields['sscc']} is in use already.", field="sscc") from error
        raise
    return unit


def change_handling_unit(unit: HandlingUnit, **fields: Any) -> HandlingUnit:
    """Correct what is known of a unit. Its place changes by moving it, not by editing."""
    if "location" in fields and fields.pop("location") != unit.location:
        raise Conflict("A handling unit changes its place by moving it.", field="location")
    for name, value in fields.items():
        setattr(unit, name, value)
    with transaction():
        unit.save(update_fields=[*fields, "updated_at"])
    return unit


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """A single thing to be known by its serial number, empty, where it will be booked in."""

    variant_id: int
    serial: str
    location_id: int
    kind: str = "piece"


def ensure_units(specs: Sequence[UnitSpec]) -> dict[tuple[int, str], int]:
    """Find or make many units, few statements: ``{(variant_id, serial): unit id}``.

    Units that are there stay where they are. Raises :class:`InvalidInput` without a serial.
    """
    if any(not spec.serial.strip() for spec in specs):
        raise InvalidInput("Every unit needs a serial number.", field="serial")
    wanted = {(spec.variant_id, spec.serial.strip()): spec for spec in specs}
    found = units_by_serial(wanted)
    missing = [spec for key, spec in sorted(wanted.items()) if key not in found]
    if missing:
        with transaction():
            _make(missing)
        found = units_by_serial(wanted)
    return found


def _make(specs: Sequence[UnitSpec]) -> None:
    units = [
        HandlingUnit(
            kind=spec.kind,
            serial=spec.serial.strip(),
            variant_id=spec.variant_id,
            location_id=spec.location_id,
        )
        for spec in specs
    ]
    HandlingUnit.objects.bulk_create(units)
    append_many([_created(unit) for unit in units])


def _created(unit: HandlingUnit) -> Stream:
    event = events.HandlingUnitCreated(
        str(unit.uuid), unit.kind, unit.sscc, unit.serial, unit.location_id
    )
    return Stream(events.UNIT, unit.pk, [events.new(event)])


def move_handling_unit(
    unit_id: int,
    *,
    location_id: int,
    reference_type: str,
    reference_id: str,
    step: str = "",
    kind: str = "transfer",
    reason: str = "",
    occurred_at: datetime | None = None,
) -> PostingReceipt | None:
    """Move a unit with everything in it: one movement for each content, one new place.

    ``None`` for an empty unit, which moves without a posting. Raises
    :class:`HandlingUnitRefused` for a unit that is packed in another one: move that one, or
    take it out first.
    """
    with transaction():
        source = place_of_unit(unit_id)
        if is_packed(unit_id):
            raise HandlingUnitRefused(
                "The handling unit is packed in another one: move that, or take it out first.",
                problem="packed",
            )
        lines = [
            MovementLine(
                row.variant_id,
                row.quantity,
                Place(source, row.hu_id, row.status, row.owner_id),
                Place(location_id, row.hu_id, row.status, row.owner_id),
                row.lot_id,
            )
            for row in contents_of_tree(unit_id)
        ]
        if not lines:
            call(_PLACE, (unit_id, location_id))
            return None
        return post_movements(
            kind=kind,
            reference_type=reference_type,
            reference_id=reference_id,
            step=step,
            lines=lines,
            reason=reason,
            occurred_at=occurred_at,
        )


def pack_unit(unit_id: int, *, into_id: int) -> None:
    """Pack a unit into another one standing in the same place. No quantity moves."""
    with transaction():
        call(_NEST, (unit_id, into_id))


def take_out_unit(unit_id: int) -> None:
    """Take a unit out of the one it is packed in; it stays in the same place."""
    with transaction():
        call(_NEST, (unit_id, None))
