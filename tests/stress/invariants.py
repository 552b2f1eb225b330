"""The invariants of the domain, asked of the database in SQL and in the verifier's own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.db import connection

from lodestock.inventory.models import HandlingUnit
from lodestock.inventory.selectors import stock_as_of
from lodestock.inventory.verification.run import verify
from lodestock.kernel import clock
from lodestock.kernel.models import History
from lodestock.kernel.states import Machine
from lodestock.purchasing.domain.orders import PURCHASE_ORDER
from lodestock.purchasing.domain.receipts import RECEIPT_LINE
from lodestock.sales.domain.orders import SALES_ORDER
from lodestock.shipping.domain.machine import SHIPMENT

#: What each query finds is wrong.
NEVER = {
    "I2 a balance is below zero": """
        SELECT id, on_hand FROM inventory_balance WHERE on_hand < 0 AND NOT allow_negative""",
    "I3 more is promised than is there": """
        SELECT id, on_hand, reserved FROM inventory_balance
        WHERE reserved < 0 OR reserved > on_hand AND NOT allow_negative""",
    "I3 something is promised of stock that is not available": """
        SELECT id, status, reserved FROM inventory_balance
        WHERE status <> 'available' AND reserved <> 0""",
    "I4 a movement occurred after it was recorded": """
        SELECT id, occurred_at, recorded_at FROM inventory_movement
        WHERE occurred_at > recorded_at""",
    "I4 a movement was reversed twice": """
        SELECT movement_id FROM inventory_reversal GROUP BY 1 HAVING count(*) > 1""",
    "I5 a kept balance is not the sum of its movements": """
        WITH side AS (
            SELECT variant_id v, source_id l, lot_id t, source_status s, source_owner_id o,
                   -quantity q FROM inventory_movement
            UNION ALL
            SELECT variant_id, destination_id, lot_id, destination_status, destination_owner_id,
                   quantity FROM inventory_movement),
        folded AS (SELECT v, l, t, s, o, sum(q) q FROM side GROUP BY 1, 2, 3, 4, 5)
        SELECT b.id, b.on_hand, f.q FROM inventory_balance b FULL JOIN folded f
          ON (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
           = (f.v, f.l, f.t, f.s, f.o)
        LEFT JOIN locations_location x ON x.id = coalesce(b.location_id, f.l)
        WHERE coalesce(b.on_hand, 0) <> coalesce(f.q, 0) AND x.virtual_kind IN ('', 'transit')""",
    "I6 goods tracked by lot moved without one": """
        SELECT m.id FROM inventory_movement m JOIN catalog_variant v ON v.id = m.variant_id
        WHERE v.tracking = 'lot' AND coalesce(m.lot_id, 0) = 0""",
    "I6 contents of units are not in the balance of their place": """
        SELECT id, in_units, on_hand FROM inventory_balance
        WHERE in_units < 0 OR in_units > on_hand AND NOT allow_negative""",
    "I8 a purchase line received more than its tolerance, or cancelled too much": """
        SELECT id, base_quantity, received, cancelled FROM purchasing_purchaseline
        WHERE received < 0 OR cancelled < 0 OR received > base_quantity * (1 + tolerance)
           OR received + cancelled > base_quantity * (1 + tolerance)""",
    "I8 receipts do not add up to what their purchase line says": """
        SELECT l.id, l.received, sum(r.base_quantity) FROM purchasing_purchaseline l
        LEFT JOIN purchasing_receiptline r ON r.purchase_line_id = l.id
        GROUP BY l.id, l.received HAVING l.received <> coalesce(sum(r.base_quantity), 0)""",
    "I8 a sales line shipped, cancelled or took back too much": """
        SELECT id, base_quantity, shipped, cancelled, returned FROM sales_salesline
        WHERE shipped < 0 OR cancelled < 0 OR returned < 0
           OR shipped + cancelled > base_quantity OR returned > shipped""",
    "I8 shipments do not add up to what their sales line says": """
        SELECT l.id, l.shipped, sum(s.quantity) FROM sales_salesline l
        JOIN sales_salesorder o ON o.id = l.order_id
        LEFT JOIN (shipping_shipmentline s JOIN shipping_shipment h ON h.id = s.shipment_id)
          ON (h.cause_type, h.cause_id, s.cause_line) = ('sales_order', o.number, l.line_no::text)
        GROUP BY l.id, l.shipped HAVING l.shipped <> coalesce(sum(s.quantity), 0)""",
    "I9 a posting without its event, or an event without its posting": """
        SELECT p.id, e.id FROM inventory_posting p
        FULL JOIN (SELECT * FROM eventstore_event WHERE aggregate_type = 'Posting') e
          ON e.aggregate_id = p.id WHERE p.id IS NULL OR e.id IS NULL""",
    "I9 a document without the event of its birth": """
        SELECT 'PurchaseOrder', o.id FROM purchasing_purchaseorder o WHERE NOT EXISTS (
            SELECT FROM eventstore_event e WHERE e.aggregate_type = 'PurchaseOrder'
               AND e.aggregate_id = o.id AND e.event_type = 'PurchaseOrderCreated')
        UNION ALL
        SELECT 'SalesOrder', o.id FROM sales_salesorder o WHERE NOT EXISTS (
            SELECT FROM eventstore_event e WHERE e.aggregate_type = 'SalesOrder'
               AND e.aggregate_id = o.id AND e.event_type = 'OrderCreated')""",
    "I11 one reference was posted twice": """
        SELECT reference_type, reference_id, step FROM inventory_posting
        GROUP BY 1, 2, 3 HAVING count(*) > 1""",
}

DOCUMENTS = {
    "purchasing_purchaseorder": (PURCHASE_ORDER, "PurchaseOrder"),
    "purchasing_receiptline": (RECEIPT_LINE, ""),
    "sales_salesorder": (SALES_ORDER, "SalesOrder"),
    "shipping_shipment": (SHIPMENT, "Shipment"),
}


def broken(on_hand: Mapping[int, Decimal]) -> list[str]:
    """Return what does not hold; ``on_hand`` is the count by somebody else, by variant."""
    found = [str(difference) for difference in verify().differences]
    for name, query in NEVER.items():
        found += [f"{name}: {row}" for row in _rows(query)]
    found += _transitions()
    found += _units()
    found += _sums(on_hand)
    return found


def _rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _transitions() -> list[str]:
    """I9: the history knows only declared changes of status, and each has its event."""
    found = []
    for table, (machine, aggregate) in DOCUMENTS.items():
        declared = _declared(machine)
        changed: dict[int, int] = defaultdict(int)
        for entry in History.objects.filter(table_name=table, changes__has_key="status"):
            before, after = entry.pairs["status"]
            if before is None:
                continue
            changed[entry.record_id] += 1
            if not reachable(declared, before, after):
                found.append(f"I9 {table} {entry.record_id} went from {before} to {after}")
        if aggregate:
            found += _without_event(table, aggregate, changed)
    return found


def _declared(machine: Machine) -> set[tuple[str, str]]:
    return {(str(a), str(b)) for table in machine.transitions.values() for a, b in table.items()}


def reachable(declared: set[tuple[str, str]], start: str, end: str) -> bool:
    """Whether declared steps lead from one status to another (one UPDATE may take several)."""
    seen, front = set(), {start}
    while front - seen:
        seen |= front
        front = {after for before, after in declared if before in front}
        if end in front:
            return True
    return False


def _without_event(table: str, aggregate: str, changed: Mapping[int, int]) -> list[str]:
    query = (
        "SELECT aggregate_id, count(*) FROM eventstore_event"
        f" WHERE aggregate_type = '{aggregate}' GROUP BY 1"
    )
    told = dict(_rows(query))
    return [
        f"I9 {table} {key} changed its status {times} times and told {told.get(key, 0)} events"
        for key, times in changed.items()
        if told.get(key, 0) < times
    ]


def _units() -> list[str]:
    """I6: a unit is in exactly one place; one that is packed stands where its outer one does."""
    return [
        f"I6 unit {unit.pk}: parent {unit.parent_id}, place {unit.location_id}"
        for unit in HandlingUnit.objects.all()
        if (unit.parent_id is None) == (unit.location_id is None)
    ]


def _sums(on_hand: Mapping[int, Decimal]) -> list[str]:
    """I1 and I5: what is there is what somebody else has counted, on both clocks."""
    kept = dict(
        _rows(
            "SELECT variant_id, sum(on_hand) FROM inventory_balance b JOIN locations_location l"
            " ON l.id = b.location_id WHERE l.virtual_kind = '' GROUP BY 1"
        )
    )
    as_of: dict[int, Decimal] = defaultdict(Decimal)
    for row in stock_as_of(as_of=clock.now()):
        as_of[row.variant_id] += row.on_hand
    found = []
    for variant in {*kept, *on_hand, *as_of}:
        three = (on_hand.get(variant, 0), kept.get(variant, 0), as_of.get(variant, 0))
        if len(set(three)) > 1:
            found.append(f"I1 variant {variant}: counted, kept, as of now: {three}")
    return found
