"""Questions about how stock came about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from lodestock.inventory.types import Balance

from .balances import balance_at

_STEPS = """
SELECT s.movement_id, s.posting_id, s.kind, p.reference_type, p.reference_id, p.step, p.reason,
       p.actor_id, s.occurred_at, s.recorded_at, s.quantity,
       sum(s.quantity) OVER (ORDER BY s.recorded_at, s.movement_id, s.quantity)
FROM inventory_side s JOIN inventory_posting p ON p.id = s.posting_id
WHERE s.variant_id = %s AND s.location_id = %s AND s.lot_id = %s AND s.status = %s
  AND s.owner_id = %s
ORDER BY s.recorded_at, s.movement_id, s.quantity
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One movement's part in a balance, and the balance after it."""

    movement_id: int
    posting_id: int
    kind: str
    reference_type: str
    reference_id: str
    step: str
    reason: str
    actor_id: int | None
    occurred_at: datetime
    recorded_at: datetime
    quantity: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Explanation:
    """A balance, and the movements whose sum it must be."""

    balance: Balance
    steps: list[Step]

    @property
    def total(self) -> Decimal:
        return sum((step.quantity for step in self.steps), Decimal(0))

    @property
    def ok(self) -> bool:
        """Does the kept balance equal the sum of its movements?"""
        return self.total == self.balance.on_hand


def explain_balance(
    variant_id: int,
    location_id: int,
    *,
    lot_id: int = 0,
    status: str = "available",
    owner_id: int = 0,
) -> Explanation:
    """Which postings add up to this balance? Every one, in the order they were recorded."""
    kept = balance_at(variant_id, location_id, lot_id=lot_id, status=status, owner_id=owner_id)
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [variant_id, location_id, lot_id, status, owner_id])
        return Explanation(kept, [Step(*row) for row in cursor.fetchall()])


def explain_all(variant_id: int, location_id: int) -> Iterator[Explanation]:
    """The same for every lot, status and owner of the variant in that place."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT lot_id, status, owner_id FROM inventory_side"
            " WHERE variant_id = %s AND location_id = %s"
            " UNION SELECT lot_id, status, owner_id FROM inventory_balance"
            " WHERE variant_id = %s AND location_id = %s ORDER BY 1, 2, 3",
            [variant_id, location_id] * 2,
        )
        keys = cursor.fetchall()
    for lot_id, status, owner_id in keys:
        yield explain_balance(
            variant_id, location_id, lot_id=lot_id, status=status, owner_id=owner_id
        )
