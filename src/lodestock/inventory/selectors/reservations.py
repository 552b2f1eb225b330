"""Questions about promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from lodestock.inventory.models import Reservation, ReservationLine
from lodestock.inventory.types import ReservedLine


@dataclass(frozen=True, slots=True)
class HeldReservation:
    """A reservation and the lines that still hold something."""

    id: int
    reference_id: str
    line_key: str
    variant_id: int
    quantity: Decimal
    shortage: Decimal
    status: str
    lines: list[ReservedLine] = field(default_factory=list)


def reservations_of(reference_type: str, reference_ids: Iterable[str]) -> list[HeldReservation]:
    """What is promised to these references, in the order it was promised. Two queries."""
    rows = Reservation.objects.filter(
        reference_type=reference_type, reference_id__in=[str(key) for key in reference_ids]
    ).order_by("id")
    names = ("id", "reference_id", "line_key", "variant_id", "quantity", "shortage", "status")
    found = list(rows.values(*names))
    lines = _lines([row["id"] for row in found])
    return [HeldReservation(**row, lines=lines[row["id"]]) for row in found]


def _lines(ids: list[int]) -> dict[int, list[ReservedLine]]:
    names = ("id", "variant_id", "location_id", "lot_id", "status", "owner_id", "held")
    grouped: dict[int, list[ReservedLine]] = defaultdict(list)
    query = ReservationLine.objects.filter(reservation_id__in=ids, held__gt=0).order_by("id")
    for owner, *row in query.values_list("reservation_id", *names):
        grouped[owner].append(ReservedLine(*row))
    return grouped
