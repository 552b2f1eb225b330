"""Hold stock for orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lodestock.inventory.services import reserve_many
from lodestock.inventory.types import ReservationRequest, ReservationResult
from lodestock.kernel.db import transaction
from lodestock.sales.domain.orders import SALES_ORDER, WORKABLE
from lodestock.sales.errors import OrderOnHold
from lodestock.sales.models import SalesLine, SalesOrder
from lodestock.sales.types import LineKind

from .work import Work

REFERENCE = "sales_order"


@dataclass(frozen=True, slots=True)
class LineHold:
    """What is held for one line, and what of its open quantity could not be (backordered)."""

    line_id: int
    line_no: int
    sku: str
    held: Decimal
    backordered: Decimal


def reserve_order(order_id: int) -> list[LineHold]:
    """Hold everything that is open of an order, as far as there is stock.

    Asked again it fills up what was short. Raises :class:`OrderOnHold`, and ``IllegalTransition``
    for an order that is not placed, or done.
    """
    return reserve_orders([order_id])[order_id]


def reserve_orders(order_ids: Sequence[int]) -> dict[int, list[LineHold]]:
    """Hold the open lines of several orders, in the order given; see :func:`reserve_order`."""
    with transaction():
        work = Work()
        work.load(order_ids)
        wanted = []
        for key in order_ids:
            workable(work.orders[key])
            lines = [x for x in work.lines[key] if is_goods(x) and x.state.open > 0]
            wanted += [(work.orders[key], line, line.state.open) for line in lines]
        results = hold(work, wanted)
        answers: dict[int, list[LineHold]] = {key: [] for key in order_ids}
        for (order, line, quantity), result in zip(wanted, results, strict=True):
            held = LineHold(line.pk, line.line_no, line.sku, result.held, quantity - result.held)
            answers[order.pk].append(held)
    return answers


def hold(
    work: Work, wanted: Sequence[tuple[SalesOrder, SalesLine, Decimal]]
) -> list[ReservationResult]:
    """Hold these quantities of lines, as far as there is stock; one round trip.

    A reservation counts what it has held ever, so what was shipped of it before is added.
    """
    if not wanted:
        return []
    return reserve_many(
        [
            ReservationRequest(
                reference_type=REFERENCE,
                reference_id=order.number,
                line_key=str(line.line_no),
                variant_id=line.variant_id or 0,
                quantity=line.shipped + quantity,
                location_ids=work.scope(order.location_id),
                partial=True,
            )
            for order, line, quantity in wanted
        ]
    )


def workable(order: SalesOrder) -> None:
    """Raise unless goods may be held and shipped for this order."""
    if order.on_hold:
        raise OrderOnHold(
            f"{order.number} is on hold ({order.hold_reason}): release it first.",
            reason=order.hold_reason,
        )
    if order.status not in WORKABLE:
        SALES_ORDER.target(order.status, "fulfil_rest", label=order.number)


def is_goods(line: SalesLine) -> bool:
    """Whether the line moves stock."""
    return bool(line.kind == LineKind.GOODS)
