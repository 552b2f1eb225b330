"""Cancel an order, hold it, release it."""

from __future__ import annotations

from lodestock.inventory.services import release_many
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput
from lodestock.sales import events
from lodestock.sales.domain.orders import EVENT_OF_VERB, SALES_ORDER, OrderStatus
from lodestock.sales.models import SalesOrder

from .reserve import REFERENCE
from .work import Work


def cancel_order(order_id: int, *, reason: str) -> SalesOrder:
    """Cancel what has not been shipped and let go what was held for it, in one transaction.

    Raises ``InvalidInput`` without a reason, ``IllegalTransition`` for a fulfilled order.
    """
    reason = _needed(reason)
    with transaction():
        work = Work()
        work.load([order_id])
        order = work.orders[order_id]
        order.status = SALES_ORDER.target(order.status, "cancel", label=order.number)
        order.cancel_reason = reason
        order.on_hold, order.hold_reason = False, ""
        work.touched_orders.add(order_id)
        for line in work.lines[order_id]:
            if line.state.open > 0:
                line.cancelled += line.state.open
                work.touch(line)
        name = EVENT_OF_VERB["cancel"]
        work.tell(order, events.order_stepped(name, order, work.moment, reason=reason))
        work.write()
        release_many(references=[(REFERENCE, order.number)], cause=f"cancelled: {reason}")
    return order


def hold_order(order_id: int, *, reason: str) -> SalesOrder:
    """Stop work on an order; it keeps its status and what it has reserved.

    Raises ``InvalidInput`` without a reason, ``Conflict`` for one that is held or done.
    """
    return _set_hold(order_id, _needed(reason))


def release_order(order_id: int) -> SalesOrder:
    """Go on with a held order. Raises ``Conflict`` when it is not held."""
    return _set_hold(order_id, "")


def _set_hold(order_id: int, reason: str) -> SalesOrder:
    with transaction():
        work = Work()
        work.load([order_id])
        order = work.orders[order_id]
        if order.on_hold == bool(reason):
            state = "on hold already" if reason else "not on hold"
            raise Conflict(f"{order.number} is {state}.", on_hold=order.on_hold)
        if order.status in (OrderStatus.FULFILLED, OrderStatus.CANCELLED):
            raise Conflict(f"{order.number} is {order.status}: there is nothing left to hold.")
        order.on_hold, order.hold_reason = bool(reason), reason
        work.touched_orders.add(order_id)
        name = "OrderHeld" if reason else "OrderReleased"
        work.tell(order, events.order_stepped(name, order, work.moment, reason=reason))
        work.write()
    return order


def _needed(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput("reason: say why, in a few words.", field="reason")
    return reason.strip()[:255]
