"""The stock side of a delivery: lots and units made known, movements from the supplier made out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from lodestock.inventory.services import LotSpec, UnitSpec, ensure_lots, ensure_units
from lodestock.inventory.types import MovementLine, Place, PostingRequest
from lodestock.locations.selectors import virtual_location
from lodestock.purchasing.models import PurchaseLine, ReceiptLine
from lodestock.purchasing.types import Condition

from .work import Work

_COST = Decimal("0.000001")
_PIECE = Decimal(1)


def post_arrivals(work: Work) -> None:
    """Leave the postings of all counted goods with ``work``; lots are found in one go."""
    _find_lots(work)
    units = _find_units(work)
    supplier = Place(virtual_location("supplier")) if work.arrivals else None
    for receipt, counted in work.arrivals:
        assert supplier is not None
        lines = [
            MovementLine(
                variant_id=line.variant_id,
                quantity=quantity,
                source=supplier,
                destination=place,
                lot_id=line.lot_id or 0,
                unit_cost=unit_cost(line.purchase_line),
                currency=receipt.order.currency_id,
            )
            for line in counted
            for place, quantity in places(line, receipt.location_id or 0, units)
        ]
        work.postings.append(
            PostingRequest(
                kind="receive",
                reference_type="purchase_order",
                reference_id=receipt.order.number,
                step=f"receive:{receipt.number}",
                lines=tuple(lines),
                occurred_at=receipt.occurred_at,
            )
        )
    work.arrivals.clear()


def stock_status(line: ReceiptLine) -> str:
    """Under which stock status counted goods lie."""
    return "damaged" if line.condition == Condition.DAMAGED else "available"


def unit_cost(line: PurchaseLine) -> Decimal:
    """What one base unit costs on this line, to six decimals."""
    return (line.amount / line.base_quantity).quantize(_COST)


def _find_lots(work: Work) -> None:
    lines = [(r, line) for r, counted in work.arrivals for line in counted if line.lot_no]
    if not lines:
        return
    lots = ensure_lots(
        LotSpec(
            variant_id=line.variant_id,
            code=line.lot_no,
            expires_on=line.expires_on,
            supplier_id=receipt.order.supplier_id,
        )
        for receipt, line in lines
    )
    for _, line in lines:
        line.lot_id = lots[line.variant_id, line.lot_no]


def places(
    line: ReceiptLine, location_id: int, units: dict[tuple[int, str], int]
) -> list[tuple[Place, Decimal]]:
    """Where the goods of a line lie at a location: loose, or piece by piece in their units."""
    status = stock_status(line)
    if not line.serials:
        return [(Place(location_id, status=status), line.base_quantity)]
    return [
        (Place(location_id, hu_id=units[line.variant_id, serial], status=status), _PIECE)
        for serial in line.serials
    ]


def units_of(lines: Iterable[tuple[ReceiptLine, int]]) -> dict[tuple[int, str], int]:
    """The units of serial-tracked lines, made where they do not exist, at these locations."""
    specs = [
        UnitSpec(variant_id=line.variant_id, serial=serial, location_id=location_id)
        for line, location_id in lines
        for serial in line.serials
    ]
    return ensure_units(specs) if specs else {}


def _find_units(work: Work) -> dict[tuple[int, str], int]:
    return units_of(
        (line, receipt.location_id or 0) for receipt, counted in work.arrivals for line in counted
    )
