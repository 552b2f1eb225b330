"""Take orders through their states: submit, approve, send …; cancel; negotiate; revise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.money import line_amount
from lodestock.kernel.numbers import parse_price, parse_quantity
from lodestock.purchasing import events
from lodestock.purchasing.domain.orders import PURCHASE_ORDER
from lodestock.purchasing.errors import DatesOutOfOrder, UnknownLine
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder

from .place import base_quantity
from .work import Work


@dataclass(frozen=True, slots=True)
class LineChange:
    """What a revision changes on one line; ``None`` leaves it. ``quantity`` in the line's unit."""

    line_id: int
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    promised_on: date | None = None


def submit_purchase_order(order_id: int, *, occurred_at: datetime | None = None) -> PurchaseOrder:
    """Hand a draft in for approval. Raises ``IllegalTransition``."""
    return _step(order_id, "submit", occurred_at)


def approve_purchase_order(order_id: int, *, occurred_at: datetime | None = None) -> PurchaseOrder:
    """Approve a submitted order: from now on its goods are on order."""
    return _step(order_id, "approve", occurred_at)


def reject_purchase_order(order_id: int, *, reason: str) -> PurchaseOrder:
    """Send a submitted order back. Raises ``InvalidInput`` without a reason."""
    return _step(order_id, "reject", None, reason=_needed(reason))


def redraft_purchase_order(order_id: int) -> PurchaseOrder:
    """Take a rejected order up again."""
    return _step(order_id, "redraft", None)


def send_purchase_order(order_id: int, *, occurred_at: datetime | None = None) -> PurchaseOrder:
    """The supplier has been sent the approved order."""
    return _step(order_id, "send", occurred_at)


def acknowledge_purchase_order(
    order_id: int, *, occurred_at: datetime | None = None, promised_on: date | None = None
) -> PurchaseOrder:
    """The supplier accepts; ``promised_on`` is taken over on all open lines."""
    with transaction():
        work = Work()
        work.load([order_id])
        order = work.orders[order_id]
        step(work, order, "acknowledge", occurred_at or work.moment)
        if promised_on is not None:
            _promise(work, order, promised_on)
        work.write()
    return order


def negotiate_purchase_order(
    order_id: int,
    *,
    by: str,
    note: str = "",
    line_id: int | None = None,
    price: Decimal | str | None = None,
    quantity: Decimal | str | None = None,
    promised_on: date | None = None,
) -> PurchaseOrder:
    """Open a negotiation on a sent order. ``by`` is ``buyer`` or ``supplier``.

    Raises ``InvalidInput`` for another party, :class:`UnknownLine`, ``IllegalTransition``.
    """
    if by not in {"buyer", "supplier"}:
        raise InvalidInput(f"by: {by!r} is neither 'buyer' nor 'supplier'.", field="by")
    with transaction():
        work = Work()
        work.load([order_id])
        order = work.orders[order_id]
        line = None if line_id is None else line_of(work, order, line_id)
        order.negotiation_round += 1
        offer: dict[str, Any] = {
            "round": order.negotiation_round,
            "by": by,
            "line": None if line is None else line.line_no,
            "price": None if price is None else parse_price(price, field="price"),
            "qty": None if quantity is None else parse_quantity(quantity),
            "date": promised_on,
            "note": note,
        }
        step(work, order, "negotiate", work.moment, **offer)
        work.write()
    return order


def close_purchase_order(order_id: int) -> PurchaseOrder:
    """Nothing more is expected of a received order."""
    return _step(order_id, "close", None)


def cancel_purchase_order(order_id: int, *, reason: str) -> PurchaseOrder:
    """Cancel what has not arrived; what has stays received. A reason is needed."""
    reason = _needed(reason)
    with transaction():
        work = Work()
        work.load([order_id])
        order = work.orders[order_id]
        step(work, order, "cancel", work.moment, reason=reason)
        order.reason = reason
        for line in work.lines[order_id]:
            if line.state.open > 0:
                line.cancelled += line.state.open
                work.touch(line)
        work.write()
    return order


def revise_purchase_order(
    order_id: int, *, changes: Sequence[LineChange], reason: str
) -> PurchaseOrder:
    """Change quantities, prices or promised days; the approval starts again.

    Raises ``InvalidInput`` without a reason or for a quantity below what has arrived,
    :class:`UnknownLine`, and ``IllegalTransition`` for an order that was never approved.
    """
    reason = _needed(reason)
    with transaction():
        work = Work()
        work.load([order_id])
        work.learn_currencies()
        order = work.orders[order_id]
        for change in changes:
            _apply(work, order, change)
        order.total = sum((x.amount for x in work.lines[order_id]), Decimal(0))
        revise(work, order, work.moment, reason=reason)
        work.write()
    return order


def revise(work: Work, order: PurchaseOrder, when: datetime, *, reason: str) -> None:
    """Take the verb *revise* with the lines as they stand in memory."""
    order.status = PURCHASE_ORDER.target(order.status, "revise", label=order.number)
    order.revision += 1
    work.touched_orders.add(order.pk)
    work.tell(
        order, events.order_revised(order, work.lines[order.pk], work.skus, when, reason=reason)
    )


def step(
    work: Work, order: PurchaseOrder, verb: str, when: datetime, *, reason: str = "", **more: Any
) -> None:
    """Take one verb in memory; the times that belong to it follow.

    Raises ``IllegalTransition``, and :class:`DatesOutOfOrder` for a future time.
    """
    if when > work.moment:
        raise DatesOutOfOrder(
            f"{order.number}: {when.isoformat()} lies in the future.", field="occurred_at"
        )
    work.step(order, verb, when, reason=reason, **more)
    if verb == "send":
        order.sent_at = when
    if verb == "acknowledge":
        order.acknowledged_at = when


def line_of(work: Work, order: PurchaseOrder, line_id: int) -> PurchaseLine:
    """A line of the order by key. Raises :class:`UnknownLine`."""
    for line in work.lines[order.pk]:
        if line.pk == line_id:
            return line
    raise UnknownLine(
        f"{order.number} has {len(work.lines[order.pk])} lines, and the one named is none of them.",
        field="line",
    )


def _step(
    order_id: int, verb: str, occurred_at: datetime | None, *, reason: str = ""
) -> PurchaseOrder:
    with transaction():
        work = Work()
        work.load([order_id])
        order = work.orders[order_id]
        step(work, order, verb, occurred_at or work.moment, reason=reason)
        if reason:
            order.reason = reason
        work.write()
    return order


def _promise(work: Work, order: PurchaseOrder, promised_on: date) -> None:
    for line in work.lines[order.pk]:
        if line.state.open > 0:
            line.promised_on = promised_on
            work.touch(line)
    order.due_on = promised_on


def _apply(work: Work, order: PurchaseOrder, change: LineChange) -> None:
    line = line_of(work, order, change.line_id)
    if change.quantity is not None:
        facts = work.variants[line.variant_id]
        line.quantity = parse_quantity(change.quantity)
        line.base_quantity = base_quantity(work, facts, line.quantity, line.uom_id)
        if line.base_quantity < line.received + line.cancelled:
            raise InvalidInput(
                f"{order.number} line {line.line_no}: {line.received.normalize():f}"
                f" {facts.base_uom} of {facts.sku} have arrived;"
                f" {line.base_quantity.normalize():f} would be less.",
                field="quantity",
            )
    if change.unit_price is not None:
        line.unit_price = parse_price(change.unit_price)
    if change.quantity is not None or change.unit_price is not None:
        minor_unit = work.minor_units[order.currency_id]
        line.amount = line_amount(line.quantity, line.unit_price, minor_unit=minor_unit)
        line.amount_stated = False
    line.promised_on = change.promised_on or line.promised_on
    work.touch(line)


def _needed(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput("reason: say why, in a few words.", field="reason")
    return reason.strip()[:255]
