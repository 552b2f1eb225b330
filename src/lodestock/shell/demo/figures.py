"""Counting the demo company, across rooms and read-only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from .load.keys import SOURCE

#: Name → how many, and a remark: one statement each; documents are the demo's own.
_COUNTS = {
    "Articles": """
        SELECT count(*), count(DISTINCT product_id) || ' products' FROM catalog_variant""",
    "Purchase orders": """
        SELECT count(*), 'worth ' || to_char(sum(total), 'FM999,999,990.00')
        FROM purchasing_purchaseorder WHERE source = %(source)s""",
    "Receipts": """
        SELECT count(DISTINCT r.id), count(*) || ' lines counted, '
            || count(*) FILTER (WHERE l.judgement <> 'accepted') || ' over or damaged'
        FROM purchasing_receipt r JOIN purchasing_receiptline l ON l.receipt_id = r.id
        WHERE r.source = %(source)s""",
    "Sales orders": """
        SELECT count(*), 'worth ' || to_char(sum(total), 'FM999,999,990.00') || ', '
            || count(*) FILTER (WHERE status = 'PARTIALLY_FULFILLED') || ' partly backordered'
        FROM sales_salesorder WHERE source = %(source)s""",
    "Shipments": """
        SELECT count(*), count(*) FILTER (WHERE status = 'delivered') || ' delivered'
        FROM shipping_shipment WHERE source = %(source)s""",
    "Returns": """
        SELECT count(*), count(*) FILTER (WHERE stock_status = 'quarantine') || ' put aside'
        FROM sales_returnorder WHERE source = %(source)s""",
    "Stock movements": """
        SELECT count(*), 'from ' || to_char(min(occurred_at), 'DD Mon YYYY') || ' to '
            || to_char(max(occurred_at), 'DD Mon YYYY')
        FROM inventory_movement""",
    "Pieces on hand": """
        SELECT sum(on_hand)::bigint, trim_scale(sum(reserved)) || ' of them reserved'
        FROM inventory_balance""",
}

# The fullest-told shelf of goods: the one with most movements, so that there is something to tell.
_SHELF = """
SELECT v.id, v.sku, l.id, l.path FROM (
    SELECT variant_id, destination_id AS place, count(*) AS told FROM inventory_movement
    WHERE kind = 'putaway' GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 1) most
JOIN catalog_variant v ON v.id = most.variant_id JOIN locations_location l ON l.id = most.place
"""
_LINES = """
SELECT to_char(m.occurred_at, 'DD Mon YYYY'), m.kind,
       replace(p.reference_type, '_', ' ') || ' ' || p.reference_id, change,
       sum(change) OVER (ORDER BY m.occurred_at, m.id)
FROM (SELECT id, posting_id, kind, occurred_at,
             CASE WHEN destination_id = %(place)s THEN quantity ELSE -quantity END AS change
      FROM inventory_movement
      WHERE variant_id = %(variant)s AND %(place)s IN (source_id, destination_id)) m
JOIN inventory_posting p ON p.id = m.posting_id ORDER BY m.occurred_at, m.id
"""
# What stopped a file, in the words of the finding.
_STOPPED = """
SELECT f.code, finding ->> 'field', finding ->> 'old', finding ->> 'new',
       (finding ->> 'rows')::bigint,
       i.received, i.applied
FROM feeds_import i JOIN feeds_feed f ON f.id = i.feed_id
JOIN feeds_driftreport r ON r.batch_id = i.id
CROSS JOIN LATERAL jsonb_array_elements(r.findings) finding
WHERE i.status = 'held' ORDER BY r.id DESC LIMIT 1
"""
SHOWN_LINES = 8


@dataclass(frozen=True)
class Figure:
    """One count with what is worth saying of it."""

    name: str
    count: int
    remark: str


@dataclass(frozen=True)
class LedgerLine:
    """One change of one shelf, and what lay there after it."""

    when: str
    kind: str
    document: str
    change: Decimal
    balance: Decimal


@dataclass(frozen=True)
class Explained:
    """A balance and its last lines; ``before`` is what lay there before them."""

    sku: str
    place: str
    on_hand: Decimal
    before: Decimal
    earlier: int
    lines: list[LedgerLine]


@dataclass(frozen=True)
class Stopped:
    """A file that was held back, and why."""

    feed: str
    field: str
    old: str
    new: str
    rows: int
    received: int
    applied: int


def stopped() -> Stopped | None:
    """Which file is held back?"""
    row = _row(_STOPPED, {})
    return Stopped(*row) if row else None


def count() -> list[Figure]:
    """How much is there of everything?"""
    return [
        Figure(name, *_row(statement, {"source": SOURCE})) for name, statement in _COUNTS.items()
    ]


def explain() -> Explained:
    """Where does what lies on one shelf come from, line by line?"""
    variant, sku, place, path = _row(_SHELF, {})
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"variant": variant, "place": place})
        lines = [LedgerLine(*row) for row in cursor.fetchall()]
    shown = lines[-SHOWN_LINES:]
    before = shown[0].balance - shown[0].change
    return Explained(sku, path, lines[-1].balance, before, len(lines) - len(shown), shown)


def _row(statement: str, parameters: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()
