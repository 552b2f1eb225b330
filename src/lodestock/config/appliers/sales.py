"""Sales orders of a feed, with what was despatched, returned, or never moved at all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lodestock.config.appliers.figures import figure, mode_of
from lodestock.config.appliers.masters import Masters
from lodestock.config.appliers.places import FeedPlaces
from lodestock.config.appliers.purchases import not_after
from lodestock.feeds.types import DocumentKind, FeedDocument, FeedLine, day_of
from lodestock.sales.services import replay_bulk, return_bulk
from lodestock.sales.types import (
    BulkResult,
    Despatch,
    DespatchLine,
    LineKind,
    ReturnInput,
    ReturnLineInput,
    SalesHistory,
    SalesLineInput,
    SalesOrderInput,
)

CANCELLED_INVOICE = "cancelled_invoice"
ORDER_KINDS = frozenset({DocumentKind.SALES_ORDER, DocumentKind.NOTE})


def apply_sales(
    documents: Sequence[FeedDocument], masters: Masters, places: FeedPlaces
) -> BulkResult:
    """Orders and their despatches in one call; notes become orders of financial lines."""
    shipments: dict[str, list[FeedDocument]] = {}
    for document in documents:
        if document.kind is DocumentKind.OUTBOUND_SHIPMENT:
            shipments.setdefault(document.order_number, []).append(document)
    return replay_bulk(
        [
            _history(document, shipments.get(document.number, []), masters, places)
            for document in documents
            if document.kind in ORDER_KINDS
        ]
    )


def _history(
    order: FeedDocument, shipments: list[FeedDocument], masters: Masters, places: FeedPlaces
) -> SalesHistory:
    despatches = tuple(_despatch(shipment) for shipment in shipments)
    return SalesHistory(
        order=SalesOrderInput(
            site_id=places.site_id,
            location_id=places.location_id,
            lines=tuple(_line(line, order.kind, masters) for line in order.lines),
            customer_id=masters.partner_id(order.partner),
            currency=masters.currency,
            ordered_at=not_after(order.occurred_at, [one.delivered_at for one in despatches]),
            source=order.source,
            external_id=order.number,
        ),
        despatches=despatches,
    )


def _line(line: FeedLine, kind: DocumentKind, masters: Masters) -> SalesLineInput:
    return SalesLineInput(
        quantity=line.quantity,
        variant_id=masters.variants[line.product.sku],
        kind=_kind(line, kind),
        uom=line.product.uom,
        unit_price=line.unit_price if line.unit_price is not None else Decimal(0),
        amount=line.amount,
        promised_on=day_of(line.values.get("due_on")),
        external_key=line.key,
    )


def _kind(line: FeedLine, kind: DocumentKind) -> LineKind:
    if kind is DocumentKind.NOTE:
        return LineKind.FINANCIAL
    return LineKind.SERVICE if line.product.service else LineKind.GOODS


def _despatch(shipment: FeedDocument) -> Despatch:
    days = [day_of(line.values.get("scheduled_on")) for line in shipment.lines]
    return Despatch(
        shipped_at=shipment.occurred_at,
        delivered_at=shipment.occurred_at,
        lines=tuple(
            DespatchLine(
                line_key=line.key,
                weight=figure(line, "weight"),
                freight=figure(line, "freight"),
                insurance=figure(line, "insurance"),
            )
            for line in shipment.lines
        ),
        scheduled_on=max((day for day in days if day), default=None),
        mode=mode_of(shipment.values.get("mode")),
        external_id=shipment.number,
    )


def apply_returns(
    documents: Sequence[FeedDocument], masters: Masters, places: FeedPlaces
) -> BulkResult:
    """Goods given back; lines whose sale is not found are accepted and flagged."""
    return return_bulk(
        [
            ReturnInput(
                site_id=places.site_id,
                location_id=places.location_id,
                lines=tuple(_return_line(line, masters) for line in document.lines),
                customer_id=masters.partner_id(document.partner),
                currency=masters.currency,
                occurred_at=document.occurred_at,
                reason=CANCELLED_INVOICE,
                source=document.source,
                external_id=document.number,
            )
            for document in documents
            if document.kind is DocumentKind.RETURN
        ]
    )


def _return_line(line: FeedLine, masters: Masters) -> ReturnLineInput:
    return ReturnLineInput(
        quantity=abs(line.quantity),
        variant_id=masters.variants[line.product.sku],
        kind=LineKind.SERVICE if line.product.service else LineKind.GOODS,
        uom=line.product.uom,
        unit_price=line.unit_price if line.unit_price is not None else Decimal(0),
        external_key=line.key,
    )
