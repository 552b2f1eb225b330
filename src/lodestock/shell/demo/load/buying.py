"""Purchase orders, receipts, putting away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps

from lodestock.inventory import services as inventory
from lodestock.purchasing import services as purchasing
from lodestock.purchasing.services import PutAway
from lodestock.purchasing.types import (
    Condition,
    PurchaseHistory,
    PurchaseLineInput,
    PurchaseOrderInput,
    ReceiptInput,
    ReceivedLine,
)
from lodestock.shell.demo.buildings import CHECKING, DOCK_IN
from lodestock.shell.demo.company import CURRENCY
from lodestock.shell.demo.plan import DeliveredLine, PlannedDelivery, PlannedPurchase

from .checks import all_applied
from .keys import SOURCE, Keys, at, minute_of

TOLERANCE = Decimal("0.05")


def place_orders(keys: Keys, purchases: Sequence[PlannedPurchase]) -> None:
    """Order, and have the orders acknowledged on the next working day."""
    if not purchases:
        return
    histories = [
        PurchaseHistory(order_input(keys, one), sent_at=at(one.site, one.ordered_on, 16, 30))
        for one in purchases
    ]
    all_applied(purchasing.place_and_receive_bulk(histories))


def order_input(keys: Keys, planned: PlannedPurchase) -> PurchaseOrderInput:
    """The order as purchasing takes it."""
    return PurchaseOrderInput(
        supplier_id=keys.companies[planned.supplier],
        site_id=keys.sites[planned.site],
        lines=tuple(
            PurchaseLineInput(
                variant_id=keys.articles[line.sku],
                quantity=Decimal(line.quantity),
                unit_price=line.price,
                promised_on=planned.promised_on,
                tolerance=TOLERANCE,
                external_key=line.key,
            )
            for line in planned.lines
        ),
        currency=CURRENCY,
        ordered_at=at(planned.site, planned.ordered_on, 9, minute_of(planned.key, 60)),
        source=SOURCE,
        external_id=planned.key,
    )


def receive(keys: Keys, deliveries: Sequence[PlannedDelivery]) -> None:
    """Count what arrived at the dock in the morning and put it away in the afternoon."""
    if not deliveries:
        return
    receipts = purchasing.receive_many([_receipt(keys, one) for one in deliveries])
    items, pieces = [], []
    for planned, receipt in zip(deliveries, receipts, strict=True):
        stored_at = at(planned.site, planned.day, 11, minute_of(planned.key, 180))
        for line in receipt.lines.order_by("line_no"):
            place = _shelf(keys, planned.site, line)
            if line.serials:
                pieces += [(serial, place, stored_at) for serial in line.serials]
            else:
                items.append(PutAway(line.pk, place, stored_at))
    purchasing.put_away_many(items)
    _place_pieces(pieces)


def _shelf(keys: Keys, site: str, line: Any) -> int:
    """Damaged goods go aside, all others home."""
    if line.condition == Condition.DAMAGED:
        return keys.place(site, CHECKING)
    return keys.home(site, keys.codes[line.variant_id])


def _place_pieces(pieces: Sequence[tuple[str, int, datetime]]) -> None:
    """Goods with a serial number are units of their own, and moved one by one."""
    units: Any = apps.get_model("inventory.HandlingUnit")._default_manager
    known = dict(units.filter(serial__in=[s for s, _, _ in pieces]).values_list("serial", "pk"))
    for serial, place, stored_at in pieces:
        inventory.move_handling_unit(
            known[serial],
            location_id=place,
            reference_type="putaway",
            reference_id=serial,
            kind="putaway",
            occurred_at=stored_at,
        )


def _receipt(keys: Keys, planned: PlannedDelivery) -> ReceiptInput:
    return ReceiptInput(
        location_id=keys.place(planned.site, DOCK_IN),
        lines=tuple(_counted(line) for line in planned.lines),
        order_external_id=planned.order_key,
        occurred_at=at(planned.site, planned.day, 7, minute_of(planned.key, 180)),
        delivery_note=planned.key.replace("QDEL", "DN"),
        source=SOURCE,
        external_id=planned.key,
    )


def _counted(line: DeliveredLine) -> ReceivedLine:
    return ReceivedLine(
        quantity=Decimal(line.quantity),
        line_key=line.line_key,
        lot_no=line.lot_no,
        expires_on=line.expires_on,
        serials=line.serials,
        condition=Condition.DAMAGED if line.damaged else Condition.GOOD,
    )


def leave_open(keys: Keys, purchases: Sequence[PlannedPurchase]) -> None:
    """The last orders wait at every desk: drafted, submitted, approved, sent, one rejected."""
    roads: list[list[str]] = [
        [],
        ["submit"],
        ["submit", "approve"],
        ["submit", "approve", "send"],
        ["submit", "reject"],
    ]
    orders = purchasing.create_purchase_orders([order_input(keys, one) for one in purchases])
    for number, (planned, order) in enumerate(zip(purchases, orders, strict=True)):
        moment = at(planned.site, planned.ordered_on, 14)
        for step, verb in enumerate(roads[number % len(roads)], start=1):
            _take(order.pk, verb, moment + timedelta(minutes=20 * step))


def _take(order_id: int, verb: str, moment: object) -> None:
    if verb == "reject":
        purchasing.reject_purchase_order(order_id, reason="Too much for the season: order half.")
        return
    step = getattr(purchasing, f"{verb}_purchase_order")
    step(order_id, occurred_at=moment)
