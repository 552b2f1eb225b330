"""Questions about handling units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from lodestock.inventory.models import HandlingUnit
from lodestock.kernel.errors import NotFound

_ROOT = """
WITH RECURSIVE up AS (
    SELECT id, parent_id, location_id FROM inventory_handlingunit WHERE id = %s
    UNION ALL
    SELECT u.id, u.parent_id, u.location_id
    FROM inventory_handlingunit u JOIN up ON u.id = up.parent_id)
SELECT location_id FROM up WHERE parent_id IS NULL
"""
_CONTENTS = """
WITH RECURSIVE tree AS (
    SELECT id FROM inventory_handlingunit WHERE id = %s
    UNION ALL
    SELECT u.id FROM inventory_handlingunit u JOIN tree ON u.parent_id = tree.id)
SELECT c.hu_id, c.variant_id, c.lot_id, c.status, c.owner_id, c.quantity
FROM tree JOIN inventory_hucontent c ON c.hu_id = tree.id
ORDER BY c.hu_id, c.variant_id, c.lot_id, c.status, c.owner_id
"""

_HOLDING = """
WITH RECURSIVE tree AS (
    SELECT id, id AS root_id, location_id FROM inventory_handlingunit WHERE location_id = ANY(%s)
    UNION ALL
    SELECT u.id, tree.root_id, tree.location_id
    FROM inventory_handlingunit u JOIN tree ON u.parent_id = tree.id)
SELECT t.id, t.root_id, t.location_id, c.variant_id, c.lot_id, c.status, c.owner_id, c.quantity
FROM tree t JOIN inventory_hucontent c ON c.hu_id = t.id
WHERE c.variant_id = ANY(%s) AND c.status = %s ORDER BY t.id, c.variant_id, c.lot_id
"""


_WHERE = """
WITH RECURSIVE up AS (
    SELECT id, id AS root_id, parent_id, location_id FROM inventory_handlingunit WHERE id = ANY(%s)
    UNION ALL
    SELECT up.id, u.id, u.parent_id, u.location_id
    FROM inventory_handlingunit u JOIN up ON u.id = up.parent_id)
SELECT up.id, up.root_id, up.location_id, c.variant_id, c.lot_id, c.status, c.owner_id, c.quantity
FROM up JOIN inventory_hucontent c ON c.hu_id = up.id WHERE up.parent_id IS NULL
ORDER BY up.id, c.variant_id, c.lot_id
"""
# Backwards through the movements of the unit's article, until the one that took it there.
_LAST_SHIPPED = """
SELECT u.id, p.reference_type, p.reference_id
FROM inventory_handlingunit u CROSS JOIN LATERAL (
    SELECT m.posting_id FROM inventory_movement m
    WHERE m.variant_id = u.variant_id AND m.destination_hu_id = u.id AND m.destination_id = %s
      AND m.kind = 'ship'
    ORDER BY m.recorded_at DESC, m.id DESC LIMIT 1) m
JOIN inventory_posting p ON p.id = m.posting_id
WHERE u.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Content:
    """A quantity inside one handling unit."""

    hu_id: int
    variant_id: int
    lot_id: int
    status: str
    owner_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class StoredContent:
    """A quantity inside one unit, and where that unit is."""

    hu_id: int
    root_id: int
    location_id: int
    variant_id: int
    lot_id: int
    status: str
    owner_id: int
    quantity: Decimal


def place_of_unit(unit_id: int) -> int:
    """Where is the unit? The place of its outermost unit. Raises :class:`NotFound`."""
    with connection.cursor() as cursor:
        cursor.execute(_ROOT, [unit_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(f"There is no handling unit {unit_id}.")
    return int(row[0])


def is_packed(unit_id: int) -> bool:
    """Is the unit inside another one?"""
    return HandlingUnit.objects.filter(pk=unit_id, parent__isnull=False).exists()


def contents_of_tree(unit_id: int) -> list[Content]:
    """What is in the unit and in everything packed in it? One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTENTS, [unit_id])
        return [Content(*row) for row in cursor.fetchall()]


def units_by_serial(keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Which unit has this serial number of this variant? ``{(variant_id, serial): unit id}``."""
    wanted = set(keys)
    rows = HandlingUnit.objects.filter(
        variant_id__in={key[0] for key in wanted}, serial__in={key[1] for key in wanted}
    ).values_list("variant_id", "serial", "id")
    return {(variant, serial): pk for variant, serial, pk in rows if (variant, serial) in wanted}


def contents_of_units(unit_ids: Iterable[int]) -> list[StoredContent]:
    """What is in these units, and where are they? Empty ones are absent; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WHERE, [list(unit_ids)])
        return [StoredContent(*row) for row in cursor.fetchall()]


def last_shipped(unit_ids: Iterable[int], *, location_id: int) -> dict[int, tuple[str, str]]:
    """For which reference did each unit last leave for this place? One statement.

    ``{unit id: (reference_type, reference_id)}``; units that never did are absent.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LAST_SHIPPED, [location_id, list(unit_ids)])
        return {unit: (kind, key) for unit, kind, key in cursor.fetchall()}


def units_holding(
    variant_ids: Iterable[int], location_ids: Iterable[int], *, status: str = "available"
) -> list[StoredContent]:
    """Which units in these places hold these goods? Oldest unit first; one statement.

    ``location_id`` is the place of the outermost unit, ``root_id`` that unit.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLDING, [list(location_ids), list(variant_ids), status])
        return [StoredContent(*row) for row in cursor.fetchall()]
