"""Received goods leave the dock for the place where they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lodestock.inventory.services import post_many
from lodestock.inventory.types import MovementLine, PostingRequest
from lodestock.kernel import clock
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import NotFound
from lodestock.kernel.rows import update_rows
from lodestock.purchasing import locks
from lodestock.purchasing.domain.receipts import RECEIPT_LINE
from lodestock.purchasing.models import ReceiptLine

from .arrivals import places, units_of


@dataclass(frozen=True, slots=True)
class PutAway:
    """A received line, and the place it goes to."""

    receipt_line_id: int
    location_id: int
    occurred_at: datetime | None = None


def put_away(
    *, receipt_line_id: int, location_id: int, occurred_at: datetime | None = None
) -> ReceiptLine:
    """Move a received line from the dock to ``location_id``; it is then *stored*.

    Raises ``IllegalTransition`` when it is not waiting for that, and what
    ``inventory.services.post_many`` raises (closed location, stock taken meanwhile).
    """
    return put_away_many([PutAway(receipt_line_id, location_id, occurred_at)])[0]


def put_away_many(items: Sequence[PutAway]) -> list[ReceiptLine]:
    """Put many lines away in one transaction, each whole; see :func:`put_away`."""
    with transaction():
        lines = _locked(items)
        moment = clock.now()
        units = units_of((x, x.receipt.location_id or 0) for x in lines.values())
        postings = []
        for item in items:
            line = lines[item.receipt_line_id]
            name = f"{line.receipt.number}/{line.line_no}"
            line.status = RECEIPT_LINE.target(line.status, "store", label=name)
            line.stored_location_id = item.location_id
            postings.append(_posting(line, item, units, moment))
        stored = [(line.pk, line.status, line.stored_location_id) for line in lines.values()]
        update_rows(ReceiptLine, ("status", "stored_location"), stored)
        post_many(postings)
    return [lines[item.receipt_line_id] for item in items]


def _locked(items: Sequence[PutAway]) -> dict[int, ReceiptLine]:
    """The lines, read under the locks of their orders."""
    wanted = {item.receipt_line_id for item in items}
    rows = ReceiptLine.objects.active().filter(pk__in=wanted)
    locks.lock_orders(set(rows.values_list("receipt__order_id", flat=True)))
    found = {row.pk: row for row in rows.select_related("receipt__order")}
    if len(found) < len(wanted):
        raise NotFound(f"{len(wanted) - len(found)} of {len(wanted)} receipt lines do not exist.")
    return found


def _posting(
    line: ReceiptLine, item: PutAway, units: dict[tuple[int, str], int], moment: datetime
) -> PostingRequest:
    receipt = line.receipt
    assert receipt.location_id is not None  # a direct line is never waiting
    movements = tuple(
        MovementLine(
            variant_id=line.variant_id,
            quantity=quantity,
            source=source,
            destination=replace(source, location_id=item.location_id),
            lot_id=line.lot_id or 0,
        )
        for source, quantity in places(line, receipt.location_id, units)
    )
    return PostingRequest(
        kind="putaway",
        reference_type="purchase_order",
        reference_id=receipt.order.number,
        step=f"store:{receipt.number}/{line.line_no}",
        lines=movements,
        occurred_at=item.occurred_at or moment,
    )
