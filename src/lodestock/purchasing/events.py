"""What purchasing tells the rest of the house: public ids, exact decimals, no names of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from lodestock.eventstore.types import NewEvent
from lodestock.kernel import ids

from .models import PurchaseLine, PurchaseOrder, Receipt, ReceiptLine

AGGREGATE = "PurchaseOrder"

#: SKU by variant key
Skus = Mapping[int, str]


def order_id(order: PurchaseOrder) -> str:
    """The public id of an order in payloads."""
    return ids.encode("purchasing.purchaseorder", order.pk)


def order_created(
    order: PurchaseOrder, lines: Iterable[PurchaseLine], skus: Skus, when: datetime
) -> NewEvent:
    """``PurchaseOrderCreated`` with its lines."""
    payload = _identity(order) | {"currency": order.currency_id, "lines": _lines(lines, skus)}
    return _event("PurchaseOrderCreated", payload, order, when)


def order_stepped(
    name: str, order: PurchaseOrder, when: datetime, *, reason: str = "", **more: Any
) -> NewEvent:
    """Any other step of the machine: ``PurchaseOrderSent``, ``PurchaseOrderCancelled`` …"""
    return _event(name, _identity(order) | {"reason": reason} | more, order, when)


def order_revised(
    order: PurchaseOrder,
    lines: Iterable[PurchaseLine],
    skus: Skus,
    when: datetime,
    *,
    reason: str,
) -> NewEvent:
    """``PurchaseOrderRevised``: the lines as they are now; the approval starts again."""
    more = {"currency": order.currency_id, "lines": _lines(lines, skus)}
    return order_stepped("PurchaseOrderRevised", order, when, reason=reason, **more)


def order_amended(
    order: PurchaseOrder, lines: Iterable[PurchaseLine], skus: Skus, when: datetime
) -> NewEvent:
    """``PurchaseOrderAmended``: dates or prices of known lines were corrected by their source."""
    return _event(
        "PurchaseOrderAmended", _identity(order) | {"lines": _lines(lines, skus)}, order, when
    )


def goods_received(
    order: PurchaseOrder, receipt: Receipt, lines: Iterable[ReceiptLine], skus: Skus
) -> NewEvent:
    """``GoodsReceived``: one delivery, with every counted line."""
    payload = {
        "receipt_id": ids.encode("purchasing.receipt", receipt.pk),
        "number": receipt.number,
        "po_id": order_id(order),
        "direct": receipt.direct,
        "status": str(order.status),
        "lines": [_counted(line, skus) for line in lines],
    }
    return _event("GoodsReceived", payload, order, receipt.occurred_at)


def discrepancy_raised(
    order: PurchaseOrder, receipt: Receipt, line: ReceiptLine, skus: Skus
) -> NewEvent:
    """``DiscrepancyRaised``: more than was open, or damaged."""
    payload = {
        "receipt_id": ids.encode("purchasing.receipt", receipt.pk),
        "kind": line.judgement,
        "po_line": ids.encode("purchasing.purchaseline", line.purchase_line_id),
        "sku": skus[line.variant_id],
        "qty": line.base_quantity,
        "photo": None,
    }
    return _event("DiscrepancyRaised", payload, order, receipt.occurred_at)


def _identity(order: PurchaseOrder) -> dict[str, Any]:
    return {
        "po_id": order_id(order),
        "number": order.number,
        "supplier": ids.encode("partners.partner", order.supplier_id),
        "total": order.total,
        "revision": order.revision,
    }


def _event(name: str, payload: dict[str, Any], order: PurchaseOrder, when: datetime) -> NewEvent:
    return NewEvent(name, payload, occurred_at=when, site_id=order.site_id)


def _lines(lines: Iterable[PurchaseLine], skus: Skus) -> list[dict[str, Any]]:
    return [
        {
            "line": line.line_no,
            "sku": skus[line.variant_id],
            "qty": line.quantity,
            "uom": line.uom_id,
            "price": line.unit_price,
            "amount": line.amount,
            "promised_on": line.promised_on,
            "required_on": line.required_on,
        }
        for line in lines
    ]


def _counted(line: ReceiptLine, skus: Skus) -> dict[str, Any]:
    return {
        "po_line": ids.encode("purchasing.purchaseline", line.purchase_line_id),
        "sku": skus[line.variant_id],
        "lot": line.lot_no or None,
        "expiry": line.expires_on,
        "qty": line.base_quantity,
        "hu": list(line.serials),
    }
