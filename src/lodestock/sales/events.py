"""What sales tells the rest of the house. Payloads carry public ids, exact decimals, no names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lodestock.eventstore.types import NewEvent
from lodestock.kernel import ids

from .models import ReturnLine, ReturnOrder, SalesLine, SalesOrder

ORDER = "SalesOrder"
RETURN = "ReturnOrder"


def order_id(order: SalesOrder) -> str:
    """The public id of an order in payloads."""
    return ids.encode("sales.salesorder", order.pk)


def order_told(
    name: str, order: SalesOrder, lines: Iterable[SalesLine], when: datetime
) -> NewEvent:
    """``OrderDrafted``, ``OrderCreated`` or ``OrderAmended`` with the lines concerned."""
    payload = {
        "order_id": order_id(order),
        "number": order.number,
        "customer_id": ids.encode("partners.partner", order.customer_id),
        "currency": order.currency_id,
        "line_items": [
            {
                "line": line.line_no,
                "kind": str(line.kind),
                "sku": line.sku,
                "qty": line.quantity,
                "uom": line.uom_id,
                "price": line.unit_price,
                "required_date": line.required_on,
            }
            for line in lines
        ],
    }
    return NewEvent(name, payload, occurred_at=when, site_id=order.site_id)


def order_fulfilled_in_part(
    order: SalesOrder, moved: Iterable[tuple[SalesLine, Any]], when: datetime
) -> NewEvent:
    """``OrderPartiallyFulfilled``: what left now, and what of those lines is still owed."""
    payload = {
        "order_id": order_id(order),
        "fulfillment": [
            {
                "line": line.line_no,
                "sku": line.sku,
                "shipped": quantity,
                "backordered": line.state.open,
            }
            for line, quantity in moved
        ],
    }
    return _event("OrderPartiallyFulfilled", payload, order, when)


def order_fulfilled(order: SalesOrder, when: datetime) -> NewEvent:
    """``OrderFulfilled``: nothing is owed any more."""
    return _event("OrderFulfilled", {"order_id": order_id(order)}, order, when)


def order_stepped(name: str, order: SalesOrder, when: datetime, *, reason: str) -> NewEvent:
    """``OrderCancelled``, ``OrderHeld`` or ``OrderReleased``."""
    return _event(name, {"order_id": order_id(order), "reason": reason}, order, when)


def goods_returned(
    order: SalesOrder, return_id: str, taken: Iterable[tuple[SalesLine, Any]], when: datetime
) -> NewEvent:
    """``OrderGoodsReturned``: part of what was shipped came back."""
    payload = {
        "order_id": order_id(order),
        "rma_id": return_id,
        "lines": [
            {"line": line.line_no, "sku": line.sku, "returned": quantity}
            for line, quantity in taken
        ],
    }
    return _event("OrderGoodsReturned", payload, order, when)


def return_told(
    name: str,
    rma: ReturnOrder,
    lines: Iterable[ReturnLine],
    when: datetime,
    *,
    disposition: str | None = None,
) -> NewEvent:
    """``ReturnRequested``, ``…Authorised``, ``…Received``, ``…Inspected``, ``…Dispositioned`` …"""
    payload = {
        "rma_id": ids.encode("sales.returnorder", rma.pk),
        "number": rma.number,
        "customer_id": ids.encode("partners.partner", rma.customer_id),
        "lines": [
            {
                "line": line.line_no,
                "sku": line.sku,
                "qty": line.base_quantity,
                "flag": str(line.flag) or None,
            }
            for line in lines
        ],
        "disposition": disposition,
    }
    return NewEvent(name, payload, occurred_at=when, site_id=rma.site_id)


def _event(name: str, payload: dict[str, Any], order: SalesOrder, when: datetime) -> NewEvent:
    return NewEvent(name, payload, occurred_at=when, site_id=order.site_id)
