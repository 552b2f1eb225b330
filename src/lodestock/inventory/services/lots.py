"""Lots: made known, held, released."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError

from lodestock.eventstore.services import append
from lodestock.inventory import events
from lodestock.inventory.models import Lot
from lodestock.inventory.states import LOT_MACHINE
from lodestock.kernel.context import acting
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput


@dataclass(frozen=True, slots=True)
class LotSpec:
    """What is known of a lot when it first comes in."""

    variant_id: int
    code: str
    expires_on: date | None = None
    made_on: date | None = None
    supplier_id: int | None = None


def create_lot(*, variant_id: int, code: str, status: str = "released", **fields: Any) -> Lot:
    """Make a lot known. Raises :class:`Conflict` when the variant has one of that number.

    ``fields``: supplier_id, made_on, expires_on, potency, origin, certificate.
    """
    code = _code(code)
    try:
        with transaction():
            return Lot.objects.create(variant_id=variant_id, code=code, status=status, **fields)
    except IntegrityError as error:
        if "inventory_lot_code" in str(error):
            raise Conflict(
                f"The variant has a lot {code!r} already; use that one.", field="code"
            ) from error
        raise InvalidInput(f"The lot {code!r} cannot be made: {error}.") from error


def ensure_lots(specs: Iterable[LotSpec]) -> dict[tuple[int, str], int]:
    """Find or make many lots, two statements: ``{(variant_id, code): lot id}``.

    Lots that are there keep what they have.
    """
    wanted = {(spec.variant_id, _code(spec.code)): spec for spec in specs}
    found = _find(wanted)
    missing = [spec for key, spec in sorted(wanted.items()) if key not in found]
    if missing:
        with transaction():
            Lot.objects.bulk_create(
                [
                    Lot(
                        variant_id=spec.variant_id,
                        code=_code(spec.code),
                        expires_on=spec.expires_on,
                        made_on=spec.made_on,
                        supplier_id=spec.supplier_id,
                    )
                    for spec in missing
                ],
                ignore_conflicts=True,
            )
        found = _find(wanted)
    return found


def change_lot(lot: Lot, **fields: Any) -> Lot:
    """Correct what is known of a lot. Its number and variant stay; its expiry reaches the stock."""
    fixed = {"variant", "variant_id", "code"} & set(fields)
    for name in fixed:
        if fields.pop(name) not in (getattr(lot, name), lot.variant_id):
            raise Conflict(f"The {name} of lot {lot.code} stays as it is; make a new lot.")
    for name, value in fields.items():
        setattr(lot, name, value)
    try:
        with transaction():
            lot.save(update_fields=[*fields, "updated_at"])
    except IntegrityError as error:
        raise InvalidInput(
            f"Lot {lot.code} would expire before it was made.", field="expires_on"
        ) from error
    return lot


def hold_lot(lot: Lot, *, reason: str) -> Lot:
    """Block a lot: nothing of it may be promised. No stock moves."""
    return _turn(lot, "hold", reason)


def release_lot(lot: Lot, *, reason: str = "") -> Lot:
    """Let a lot be promised again."""
    return _turn(lot, "release", reason)


def scrap_lot(lot: Lot, *, reason: str) -> Lot:
    """Give a blocked lot up for good; its stock is scrapped by posting."""
    return _turn(lot, "scrap", reason)


def _turn(lot: Lot, verb: str, reason: str) -> Lot:
    if verb != "release" and not reason.strip():
        raise InvalidInput(f"Say why lot {lot.code} is to be put on '{verb}'.", field="reason")
    with acting(reason=reason), transaction():
        fresh = Lot.objects.select_for_update(of=("self",)).get(pk=lot.pk)
        fresh.status = LOT_MACHINE.target(fresh.status, verb, label=fresh.code)
        fresh.save(update_fields=["status", "updated_at"])
        kind = events.LotReleased if verb == "release" else events.LotHeld
        event = events.new(kind(fresh.variant_id, fresh.code, reason))
        append(aggregate_type=events.LOT, aggregate_id=fresh.pk, events=[event])
    return fresh


def _find(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    keys = set(wanted)
    rows = Lot.objects.filter(
        variant_id__in={key[0] for key in keys}, code__in={key[1] for key in keys}
    ).values_list("variant_id", "code", "id")
    return {(variant, code): pk for variant, code, pk in rows if (variant, code) in keys}


def _code(code: str) -> str:
    cleaned = code.strip()
    if not cleaned or len(cleaned) > 80:
        raise InvalidInput(
            f"A lot number has 1 to 80 characters; {code[:90]!r} has {len(cleaned)}.", field="code"
        )
    return cleaned
