"""Purchase orders of a feed, with the shipments that went straight to the customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from lodestock.config.appliers.figures import figure, mode_of
from lodestock.config.appliers.masters import Masters
from lodestock.config.appliers.places import FeedPlaces
from lodestock.feeds.types import Cell, DocumentKind, FeedDocument, FeedLine, State, day_of
from lodestock.partners.types import INCOTERMS
from lodestock.purchasing.services import place_and_receive_bulk
from lodestock.purchasing.types import (
    BulkResult,
    DirectDelivery,
    DirectLine,
    PurchaseHistory,
    PurchaseLineInput,
    PurchaseOrderInput,
)


def apply_purchases(
    documents: Sequence[FeedDocument], masters: Masters, places: FeedPlaces
) -> BulkResult:
    """Orders and their direct deliveries in one call."""
    shipments: dict[str, list[FeedDocument]] = {}
    for document in documents:
        if document.kind is DocumentKind.DIRECT_SHIPMENT:
            shipments.setdefault(document.order_number, []).append(document)
    return place_and_receive_bulk(
        [
            _history(document, shipments.get(document.number, []), masters, places)
            for document in documents
            if document.kind is DocumentKind.PURCHASE_ORDER
        ]
    )


def _history(
    order: FeedDocument, shipments: list[FeedDocument], masters: Masters, places: FeedPlaces
) -> PurchaseHistory:
    supplier = masters.partner_id(order.partner)
    assert supplier is not None, "a purchase order names its supplier"
    deliveries = tuple(_delivery(shipment, masters) for shipment in shipments)
    sent_at = not_after(order.occurred_at, [one.delivered_at for one in deliveries])
    return PurchaseHistory(
        order=PurchaseOrderInput(
            supplier_id=supplier,
            site_id=places.site_id,
            lines=tuple(_line(line, masters) for line in order.lines),
            currency=masters.currency,
            ordered_at=sent_at,
            incoterm=_incoterm(order.values),
            source=order.source,
            external_id=order.number,
        ),
        sent_at=sent_at,
        deliveries=deliveries,
    )


def not_after(moment: datetime | None, arrivals: Sequence[datetime | None]) -> datetime | None:
    """A date an order may have been placed on: unknown where it lies after the goods arrived."""
    known = [arrival for arrival in arrivals if arrival]
    return None if moment and known and moment > min(known) else moment


def _incoterm(values: Mapping[str, Cell]) -> str:
    cell = values.get("inco_term")
    code = cell.canonical if cell and cell.state is State.VALUE else ""
    return code if code in INCOTERMS else ""


def _line(line: FeedLine, masters: Masters) -> PurchaseLineInput:
    return PurchaseLineInput(
        variant_id=masters.variants[line.product.sku],
        quantity=line.quantity,
        uom=line.product.uom,
        unit_price=line.unit_price or line.quantity * 0,
        amount=line.amount,
        promised_on=day_of(line.values.get("due_on")),
        external_key=line.key,
    )


def _delivery(shipment: FeedDocument, masters: Masters) -> DirectDelivery:
    customer = masters.partner_id(shipment.partner)
    assert customer is not None, "a direct shipment names its customer"
    days = [day_of(line.values.get("scheduled_on")) for line in shipment.lines]
    return DirectDelivery(
        customer_id=customer,
        lines=tuple(
            DirectLine(
                line_key=line.key,
                quantity=line.quantity,
                weight=figure(line, "weight"),
                freight=figure(line, "freight"),
                insurance=figure(line, "insurance"),
            )
            for line in shipment.lines
        ),
        external_id=shipment.number,
        delivered_at=shipment.occurred_at,
        scheduled_on=max((day for day in days if day), default=None),
        mode=mode_of(shipment.values.get("mode")),
    )
