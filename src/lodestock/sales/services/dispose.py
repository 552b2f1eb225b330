"""What becomes of returned goods that were put aside."""

from __future__ import annotations

from dataclasses import replace

from lodestock.eventstore.services import append
from lodestock.inventory.services import post_movements
from lodestock.inventory.types import MovementLine, Place
from lodestock.kernel import clock
from lodestock.kernel.db import transaction
from lodestock.locations.selectors import virtual_location
from lodestock.sales import events, locks
from lodestock.sales.domain.returns import EVENT_OF_VERB, RETURN
from lodestock.sales.models import ReturnLine, ReturnOrder
from lodestock.sales.types import LineKind, StockStatus

from .return_stock import Pieces

_DISPOSITIONS = ("restock", "repair", "scrap", "return_to_vendor")


def inspect_return(return_id: int) -> ReturnOrder:
    """Somebody has looked at the goods. Raises ``IllegalTransition``."""
    return _step(return_id, "inspect")


def dispose_return(return_id: int, *, disposition: str) -> ReturnOrder:
    """Decide: *restock* and *scrap* move the goods now; *repair* and *return_to_vendor* keep them
    in quarantine until they leave.

    Raises ``IllegalTransition`` for another word, or before the inspection.
    """
    verb = disposition if disposition in _DISPOSITIONS else f"dispose as {disposition[:40]}"
    return _step(return_id, verb)


def credit_return(return_id: int) -> ReturnOrder:
    """The customer has been credited."""
    return _step(return_id, "credit")


def close_return(return_id: int) -> ReturnOrder:
    """Nothing is left to do."""
    return _step(return_id, "close")


def _step(return_id: int, verb: str) -> ReturnOrder:
    with transaction():
        rma = locks.lock_returns([return_id])[return_id]
        rma.status = RETURN.target(rma.status, verb, label=rma.number)
        rma.save(update_fields=["status", "updated_at"])
        lines = list(rma.lines.order_by("line_no"))
        disposition = verb if verb in _DISPOSITIONS else None
        told = events.return_told(
            EVENT_OF_VERB[verb], rma, lines, clock.now(), disposition=disposition
        )
        append(aggregate_type=events.RETURN, aggregate_id=rma.pk, events=[told])
        if verb in ("restock", "scrap"):
            _move(rma, [x for x in lines if x.kind == LineKind.GOODS], verb)
    return rma


def _move(rma: ReturnOrder, lines: list[ReturnLine], verb: str) -> None:
    aside = Place(rma.location_id, status=rma.stock_status)
    if verb == "scrap":
        destination = Place(virtual_location("scrap"))
    else:
        destination = Place(rma.location_id, status=StockStatus.AVAILABLE.value)
    if not lines or aside == destination:
        return
    pieces = Pieces(lines)
    post_movements(
        kind="scrap" if verb == "scrap" else "transfer",
        reference_type="return_order",
        reference_id=rma.number,
        step=verb,
        lines=[
            MovementLine(
                line.variant_id or 0,
                piece.quantity,
                replace(aside, hu_id=piece.hu_id, owner_id=piece.owner_id),
                replace(destination, hu_id=piece.hu_id, owner_id=piece.owner_id),
                lot_id=piece.lot_id,
                reason_code=rma.reason_code,
            )
            for line in lines
            for piece in pieces.of(line)
        ],
    )
