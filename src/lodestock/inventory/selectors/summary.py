"""Stock rolled up: over everything, or by warehouse, zone, aisle, rack or bin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from lodestock.kernel.errors import InvalidInput

LEVELS = ("site", "warehouse", "zone", "aisle", "rack", "bin", "dock", "stage")

# Stock in places one can walk to; each counts in every place above it. Paths have no gaps, so the
# place of the wanted kind above a bin is found by the beginning of its path.
_BY_PLACE = """
SELECT b.variant_id, v.sku, a.id, a.path, sum(b.on_hand), sum(b.reserved),
       coalesce(sum(b.on_hand - b.reserved) FILTER (WHERE b.status = 'available'), 0)
FROM inventory_balance b
JOIN locations_location l ON l.id = b.location_id AND l.kind <> 'virtual'
JOIN catalog_variant v ON v.id = b.variant_id
JOIN locations_location a ON a.kind = %(level)s
    AND (a.id = l.id OR starts_with(l.path, a.path || '/'))
WHERE {filters} AND (%(after_sku)s::text IS NULL
    OR (a.path, v.sku) > (%(after_path)s::text, %(after_sku)s::text))
GROUP BY b.variant_id, v.sku, a.id, a.path HAVING sum(b.on_hand) <> 0 OR sum(b.reserved) <> 0
ORDER BY a.path, v.sku LIMIT %(limit)s
"""
_IN_ALL = """
SELECT b.variant_id, v.sku, NULL, NULL, sum(b.on_hand), sum(b.reserved),
       coalesce(sum(b.on_hand - b.reserved) FILTER (WHERE b.status = 'available'), 0)
FROM inventory_balance b
JOIN locations_location l ON l.id = b.location_id AND l.kind <> 'virtual'
JOIN catalog_variant v ON v.id = b.variant_id
WHERE {filters} AND (%(after_sku)s::text IS NULL OR v.sku > %(after_sku)s::text)
GROUP BY b.variant_id, v.sku HAVING sum(b.on_hand) <> 0 OR sum(b.reserved) <> 0
ORDER BY v.sku LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Total:
    """Stock of one variant in a place and below it; in all places when ``location_id`` is None."""

    variant_id: int
    sku: str
    location_id: int | None
    path: str | None
    on_hand: Decimal
    reserved: Decimal
    available: Decimal


def stock_summary(
    *,
    level: str | None = None,
    variant_ids: Sequence[int] | None = None,
    under: Sequence[int] | None = None,
    after: tuple[str | None, str] | None = None,
    limit: int = 1000,
) -> list[Total]:
    """How much is there, by variant and by place of a kind (``level``), or in all?

    ``under`` limits it to these places (exact keys, a subtree for instance). In the order of path
    and SKU; at most ``limit`` totals, those behind ``after`` (the path and SKU of the last one
    seen). One statement. Raises :class:`InvalidInput` for an unknown level.
    """
    if level is not None and level not in LEVELS:
        raise InvalidInput(f"Unknown level {level!r}; known: {', '.join(LEVELS)}.", field="level")
    conditions = ["true"]
    after_path, after_sku = after or (None, None)
    values: dict[str, Any] = {"level": level, "limit": limit}
    values |= {"after_path": after_path, "after_sku": after_sku}
    if variant_ids is not None:
        conditions.append("b.variant_id = ANY(%(variants)s)")
        values["variants"] = list(variant_ids)
    if under is not None:
        conditions.append("b.location_id = ANY(%(places)s)")
        values["places"] = list(under)
    text = (_BY_PLACE if level else _IN_ALL).format(filters=" AND ".join(conditions))
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return [Total(*row) for row in cursor.fetchall()]
