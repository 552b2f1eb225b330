"""Goods arrive: count, judge, post them from the supplier to the dock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from lodestock.catalog.types import Tracking, VariantFacts
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput, NotFound
from lodestock.kernel.fingerprint import fingerprint
from lodestock.kernel.numbers import parse_quantity
from lodestock.purchasing import events
from lodestock.purchasing.domain.orders import verbs_of_delivery
from lodestock.purchasing.domain.receipts import RECEIPT_LINE, judge
from lodestock.purchasing.errors import (
    DatesOutOfOrder,
    OverReceipt,
    ReceiptDiffers,
    TrackingNeeded,
    UnknownLine,
)
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder, Receipt, ReceiptLine
from lodestock.purchasing.types import Condition, ReceiptInput, ReceivedLine

from .arrivals import post_arrivals
from .place import base_quantity
from .steps import line_of, step
from .work import Work

_JUDGEMENT = {"accept": "accepted", "find_over": "over", "find_damaged": "damaged"}


def receive_goods(given: ReceiptInput) -> Receipt:
    """Receive a delivery, wholly or partly: order, stock and event in one transaction.

    The goods come from the supplier's virtual place, so no source is named. Raises
    :class:`OverReceipt` with the figures when a line would take more than its tolerance,
    ``IllegalTransition`` for an order that was not sent or is done, :class:`TrackingNeeded`,
    :class:`UnknownLine`, :class:`ReceiptDiffers`. The same receipt (``source``, ``external_id``)
    a second time changes nothing and gives the first one.
    """
    return receive_many([given])[0]


def receive_many(inputs: Sequence[ReceiptInput]) -> list[Receipt]:
    """Receive several deliveries in one transaction; see :func:`receive_goods`."""
    with transaction():
        work = Work()
        work.load({one.order_id for one in inputs if one.order_id is not None})
        work.load_known({(x.source, x.order_external_id) for x in inputs if x.order_id is None})
        known = known_receipts(inputs)
        fresh = [x for x in inputs if (x.source, x.external_id) not in known]
        work.expect_receipts(len(fresh), lines=sum(len(x.lines) for x in fresh))
        receipts = []
        for one in inputs:
            order = order_of(work, one)
            earlier = known.get((one.source, one.external_id))
            if earlier is None:
                earlier = receive(work, order, one)
                if one.external_id:
                    known[one.source, one.external_id] = earlier
            else:
                _same_receipt(earlier, one)
            receipts.append(earlier)
        post_arrivals(work)
        work.write()
    return receipts


def known_receipts(inputs: Sequence[ReceiptInput]) -> dict[tuple[str, str], Receipt]:
    """Those of these receipts that exist already, by source and external id."""
    external_ids = {one.external_id for one in inputs if one.external_id}
    if not external_ids:
        return {}
    rows = Receipt.objects.filter(external_id__in=external_ids)
    return {(row.source, row.external_id): row for row in rows}


def order_of(work: Work, given: ReceiptInput) -> PurchaseOrder:
    """The order a receipt names. Raises ``NotFound``."""
    if given.order_id is not None:
        return work.orders[given.order_id]
    order = work.known.get((given.source, given.order_external_id))
    if order is None:
        raise NotFound(
            f"There is no purchase order {given.order_external_id!r} from {given.source!r}.",
            field="order",
        )
    return order


def receive(work: Work, order: PurchaseOrder, given: ReceiptInput) -> Receipt:
    """Receive in memory; what is to be written is left with ``work``."""
    # An order that takes no goods says so before anybody is told that a line is full.
    verbs_of_delivery(order.status, complete=False, label=order.number)
    when = given.occurred_at or work.moment
    receipt = new_receipt(work, order, when, given)
    receipt.location_id = given.location_id
    counted = [
        _count(work, order, receipt, number, line)
        for number, line in enumerate(given.lines, start=1)
    ]
    arrive(work, order, receipt, counted)
    work.arrivals.append((receipt, counted))
    return receipt


def new_receipt(
    work: Work, order: PurchaseOrder, when: datetime, given: ReceiptInput | None = None
) -> Receipt:
    """An empty receipt in memory. Raises :class:`DatesOutOfOrder`."""
    if when > work.moment:
        raise DatesOutOfOrder(
            f"{order.number}: received {when.isoformat()} lies in the future.", field="occurred_at"
        )
    if given is not None and not given.lines:
        raise InvalidInput("A receipt needs at least one counted line.", field="lines")
    receipt = Receipt(
        id=work.receipt_keys.take(),
        number=work.receipt_numbers.take(),
        order=order,
        occurred_at=when,
        received_on=work.day(order, when),
        delivery_note=given.delivery_note if given else "",
        source=given.source if given and given.external_id else "",
        external_id=given.external_id if given else "",
        fingerprint=_fingerprint(given) if given else "",
    )
    work.receipts.append(receipt)
    return receipt


def arrive(
    work: Work, order: PurchaseOrder, receipt: Receipt, counted: Sequence[ReceiptLine]
) -> None:
    """Bring the order up to date with counted goods, and tell it."""
    complete = all(line.state.open == 0 for line in work.lines[order.pk])
    verbs = verbs_of_delivery(order.status, complete=complete, label=order.number)
    for verb in verbs[:-1]:
        step(work, order, verb, receipt.occurred_at)
    # The machine has agreed; this verb's event is GoodsReceived, with the counted lines.
    order.status = "received" if verbs[-1] == "receive_rest" else "partially_received"
    order.received_at = max(order.received_at or receipt.occurred_at, receipt.occurred_at)
    work.touched_orders.add(order.pk)
    work.receipt_lines.extend(counted)
    skus = work.skus
    work.tell(order, events.goods_received(order, receipt, counted, skus))
    for line in counted:
        if line.judgement != "accepted":
            work.tell(order, events.discrepancy_raised(order, receipt, line, skus))


def take(
    work: Work, order: PurchaseOrder, line: PurchaseLine, quantity: Decimal, receipt: Receipt
) -> Decimal:
    """Add base units to a line; gives what was open before. Raises :class:`OverReceipt`."""
    before = line.state
    if quantity > before.receivable:
        raise _over(work, order, line, quantity)
    line.received += quantity
    line.received_on = max(line.received_on or receipt.received_on, receipt.received_on)
    work.touch(line)
    return before.open


def _count(
    work: Work, order: PurchaseOrder, receipt: Receipt, number: int, given: ReceivedLine
) -> ReceiptLine:
    line = _named(work, order, given)
    facts = work.variants[line.variant_id]
    uom = given.uom or facts.base_uom
    quantity = parse_quantity(given.quantity)
    base = base_quantity(work, facts, quantity, uom)
    _check_tracking(facts, given, base)
    open_before = take(work, order, line, base, receipt)
    verb = judge(
        quantity=base, open_before=open_before, damaged=given.condition is Condition.DAMAGED
    )
    status = RECEIPT_LINE.initial.value
    for one in ("count", verb, "await_putaway"):
        status = RECEIPT_LINE.target(status, one)
    return ReceiptLine(
        id=work.counted_keys.take(),
        receipt=receipt,
        line_no=number,
        purchase_line=line,
        variant_id=line.variant_id,
        status=status,
        judgement=_JUDGEMENT[verb],
        condition=given.condition.value,
        uom_id=uom,
        quantity=quantity,
        base_quantity=base,
        lot_no=given.lot_no,
        expires_on=given.expires_on,
        serials=list(given.serials),
    )


def _named(work: Work, order: PurchaseOrder, given: ReceivedLine) -> PurchaseLine:
    if given.line_id is not None:
        return line_of(work, order, given.line_id)
    for line in work.lines[order.pk]:
        if given.line_key and line.external_key == given.line_key:
            return line
    raise UnknownLine(f"{order.number} has no line {given.line_key!r}.", field="line")


def _check_tracking(facts: VariantFacts, given: ReceivedLine, base: Decimal) -> None:
    if facts.tracking == Tracking.LOT and not given.lot_no:
        raise TrackingNeeded(
            f"{facts.sku} is tracked by lot: say which lot arrived.", field="lot_no", sku=facts.sku
        )
    if facts.tracking in (Tracking.SERIAL, Tracking.UNIT):
        distinct = len(set(given.serials))
        if distinct != len(given.serials) or Decimal(distinct) != base:
            raise TrackingNeeded(
                f"{facts.sku} is tracked by serial number: {base.normalize():f} pieces came with"
                f" {distinct} different numbers.",
                field="serials",
                sku=facts.sku,
            )


def _over(work: Work, order: PurchaseOrder, line: PurchaseLine, quantity: Decimal) -> OverReceipt:
    facts, state = work.variants[line.variant_id], line.state
    return OverReceipt(
        f"{quantity.normalize():f} {facts.base_uom} of {facts.sku} counted on {order.number}"
        f" line {line.line_no}: ordered {state.ordered.normalize():f}, received"
        f" {state.received.normalize():f}, cancelled {state.cancelled.normalize():f}, tolerance"
        f" {state.tolerance:%}, so at most {state.receivable.normalize():f} more. Count again, or"
        " have the order revised.",
        field="quantity",
        order=order.number,
        line=line.line_no,
        sku=facts.sku,
        counted=str(quantity),
        ordered=str(state.ordered),
        received=str(state.received),
        receivable=str(state.receivable),
    )


def _fingerprint(given: ReceiptInput) -> str:
    lines = tuple(
        (x.line_id, x.line_key, x.quantity, x.uom, x.lot_no, x.expires_on, x.serials, x.condition)
        for x in given.lines
    )
    return fingerprint(given.location_id, given.occurred_at, lines)


def _same_receipt(known: Receipt, given: ReceiptInput) -> None:
    if known.fingerprint != _fingerprint(given):
        raise ReceiptDiffers(
            f"{given.source} {given.external_id} is known as receipt {known.number} with other"
            " lines; a correction is a return to the supplier or a further receipt.",
            field="external_id",
            number=known.number,
        )
