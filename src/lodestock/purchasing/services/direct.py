"""Goods that go straight from the supplier to the customer and never touch our stock.

SUPPLIER → TRANSIT when they depart, TRANSIT → CUSTOMER when they are delivered. What the order
keeps of it is a *direct* receipt, so that open quantities and supplier figures know no exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lodestock.inventory.types import MovementLine, Place, PostingRequest
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput
from lodestock.locations.selectors import virtual_location
from lodestock.purchasing.domain.receipts import RECEIPT_LINE, judge
from lodestock.purchasing.errors import UnknownLine
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder, Receipt, ReceiptLine
from lodestock.purchasing.types import DirectDelivery, DirectLine
from lodestock.shipping.services import plan_shipments
from lodestock.shipping.types import (
    Direction,
    PlannedShipment,
    ShipmentInput,
    ShipmentLineInput,
    ShipmentStatus,
)

from .arrivals import unit_cost
from .receive import arrive, new_receipt, take
from .work import Work

_BEFORE_DEPARTURE = (
    *(ShipmentStatus.PLANNED, ShipmentStatus.PACKING),
    *(ShipmentStatus.READY, ShipmentStatus.BOOKED),
)


@dataclass(slots=True)
class Pending:
    """A direct delivery with its order lines found: (line, base quantity, what was said of it)."""

    order: PurchaseOrder
    delivery: DirectDelivery
    lines: list[tuple[PurchaseLine, Decimal, DirectLine]]


def deliver_direct(order_id: int, delivery: DirectDelivery) -> PlannedShipment:
    """Record a direct delivery of one order: shipment, stock movements, receipt and events.

    Raises :class:`OverReceipt`, :class:`UnknownLine`, ``IllegalTransition`` for an order that was
    not sent, and what ``shipping.services.plan_shipments`` raises.
    """
    with transaction():
        work = Work()
        work.load([order_id])
        order = work.orders[order_id]
        planned = settle(work, [pending(work, order, delivery)])[0]
        work.write()
    return planned


def pending(work: Work, order: PurchaseOrder, delivery: DirectDelivery) -> Pending:
    """Find the order lines a delivery names. Raises :class:`UnknownLine`."""
    if not delivery.lines:
        raise InvalidInput("A delivery needs at least one line.", field="lines")
    keyed = {line.external_key: line for line in work.lines[order.pk] if line.external_key}
    keyed |= {str(line.line_no): line for line in work.lines[order.pk] if not line.external_key}
    found = []
    for one in delivery.lines:
        line = keyed.get(one.line_key)
        if line is None:
            raise UnknownLine(f"{order.number} has no line {one.line_key!r}.", field="line_key")
        found.append((line, line.base_quantity if one.quantity is None else one.quantity, one))
    return Pending(order, delivery, found)


def settle(work: Work, deliveries: Sequence[Pending]) -> list[PlannedShipment]:
    """Plan all shipments at once, then move stock and orders in memory."""
    if not deliveries:
        return []
    planned = plan_shipments([_shipment(one) for one in deliveries])
    arriving = [one for one in deliveries if one.delivery.delivered_at is not None]
    work.expect_receipts(len(arriving), lines=sum(len(one.lines) for one in arriving))
    for one, shipment in zip(deliveries, planned, strict=True):
        _depart(work, one, shipment)
        if one.delivery.delivered_at is not None:
            _deliver(work, one, shipment, one.delivery.delivered_at)
    return planned


def _shipment(one: Pending) -> ShipmentInput:
    order, delivery = one.order, one.delivery
    return ShipmentInput(
        direction=Direction.OUTBOUND,
        direct=True,
        lines=tuple(
            ShipmentLineInput(
                variant_id=line.variant_id,
                quantity=quantity,
                cause_line=str(line.line_no),
                external_key=line.external_key,
                weight=said.weight,
                freight=said.freight,
                insurance=said.insurance,
            )
            for line, quantity, said in one.lines
        ),
        cause_type="purchase_order",
        cause_id=order.number,
        carrier_id=delivery.carrier_id,
        service=delivery.service,
        mode=delivery.mode,
        tracking_no=delivery.tracking_no,
        origin_partner_id=order.supplier_id,
        destination_partner_id=delivery.customer_id,
        scheduled_on=delivery.scheduled_on,
        departed_at=delivery.departed_at,
        delivered_at=delivery.delivered_at,
        currency=order.currency_id,
        source=order.source if delivery.external_id else "",
        external_id=delivery.external_id,
    )


def _depart(work: Work, one: Pending, shipment: PlannedShipment) -> None:
    """SUPPLIER → TRANSIT for the lines that were not on their way before."""
    when = one.delivery.departed_at or one.delivery.delivered_at
    if when is None:
        return
    leaving = shipment.before is None or shipment.before in _BEFORE_DEPARTURE
    lines = [
        (line, quantity)
        for line, quantity, _ in one.lines
        if leaving or _key(line) in shipment.added
    ]
    part = "" if leaving else f":{min(shipment.line_ids.values())}"
    step = f"depart:{shipment.number}{part}"
    _post(work, one, lines, kind="receive", step=step, when=when)


def _deliver(work: Work, one: Pending, shipment: PlannedShipment, when: datetime) -> None:
    """TRANSIT → CUSTOMER for the lines that had not arrived, and their receipt."""
    order = one.order
    lines = [(line, quantity) for line, quantity, _ in one.lines if not _arrived(line, shipment)]
    if not lines:
        return
    receipt = new_receipt(work, order, when)
    receipt.direct = True
    receipt.shipment_id = shipment.id
    counted = [
        _counted(work, receipt, number, line, quantity)
        for number, (line, quantity) in enumerate(lines, start=1)
    ]
    arrive(work, order, receipt, counted)
    _post(work, one, lines, kind="ship", step=f"deliver:{receipt.number}", when=when)


def _arrived(line: PurchaseLine, shipment: PlannedShipment) -> bool:
    delivered = shipment.before in (ShipmentStatus.DELIVERED, ShipmentStatus.CLOSED)
    return delivered and _key(line) not in shipment.added


def _key(line: PurchaseLine) -> str:
    return line.external_key or str(line.line_no)


def _counted(
    work: Work, receipt: Receipt, number: int, line: PurchaseLine, quantity: Decimal
) -> ReceiptLine:
    open_before = take(work, receipt.order, line, quantity, receipt)
    verb = judge(quantity=quantity, open_before=open_before, damaged=False)
    status = RECEIPT_LINE.target(RECEIPT_LINE.target("expected", "count"), verb)
    facts = work.variants[line.variant_id]
    return ReceiptLine(
        id=work.counted_keys.take(),
        receipt=receipt,
        line_no=number,
        purchase_line=line,
        variant_id=line.variant_id,
        status=status,
        judgement="over" if verb == "find_over" else "accepted",
        uom_id=facts.base_uom,
        quantity=quantity,
        base_quantity=quantity,
        serials=[],
    )


def _post(
    work: Work,
    one: Pending,
    lines: Sequence[tuple[PurchaseLine, Decimal]],
    *,
    kind: str,
    step: str,
    when: datetime,
) -> None:
    if not lines:
        return
    transit = Place(virtual_location("transit"))
    source = Place(virtual_location("supplier")) if kind == "receive" else transit
    destination = transit if kind == "receive" else Place(virtual_location("customer"))
    movements = tuple(
        MovementLine(
            variant_id=line.variant_id,
            quantity=quantity,
            source=source,
            destination=destination,
            unit_cost=unit_cost(line),
            currency=one.order.currency_id,
        )
        for line, quantity in lines
    )
    work.postings.append(
        PostingRequest(
            kind=kind,
            reference_type="purchase_order",
            reference_id=one.order.number,
            step=step,
            lines=movements,
            occurred_at=when,
        )
    )
