"""Receiving: partly, within tolerance, in other units, damaged, twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lodestock.eventstore.models import Event
from lodestock.inventory.selectors import balance_at
from lodestock.kernel.errors import IllegalTransition
from lodestock.purchasing import services
from lodestock.purchasing.errors import OverReceipt, ReceiptDiffers, TrackingNeeded
from lodestock.purchasing.models import PurchaseOrder, Receipt, ReceiptLine
from lodestock.purchasing.selectors import on_order
from lodestock.purchasing.tests import factories as f
from lodestock.purchasing.types import Condition, ReceiptInput, ReceivedLine

pytestmark = pytest.mark.django_db


def on_hand(variant: int, place: str = "WH1/DOCK", status: str = "available") -> Decimal:
    return balance_at(variant_id=variant, location_id=f.a_location(place), status=status).on_hand


def test_100_ordered_60_and_30_received_leaves_90_received_and_10_open() -> None:
    order = f.sent(f.an_order(100))
    f.receive(order, 60)
    f.receive(order, 30, days=9)
    order.refresh_from_db()
    line = order.lines.get()
    assert (line.base_quantity, line.received, line.open_quantity) == (100, 90, 10)
    assert order.status == "partially_received"
    assert on_hand(line.variant_id) == 90


def test_the_last_delivery_makes_the_order_received() -> None:
    order = f.sent(f.an_order(100))
    f.receive(order, 60)
    f.receive(order, 40, days=12)
    order.refresh_from_db()
    assert order.status == "received"
    assert order.received_at == f.LONG_AGO + timedelta(days=12)


def test_an_over_receipt_is_refused_with_the_figures_and_writes_nothing() -> None:
    order = f.sent(f.an_order(100, tolerance="0.05"))
    f.receive(order, 60)
    before = Event.objects.count()
    with pytest.raises(OverReceipt) as refusal:
        f.receive(order, 46)
    assert refusal.value.params["receivable"] == "45.000000"
    assert "BX-204" in refusal.value.detail
    line = PurchaseOrder.objects.get(pk=order.pk).lines.get()
    assert line.received == 60
    assert on_hand(line.variant_id) == 60
    assert Event.objects.count() == before
    assert Receipt.objects.filter(order=order).count() == 1


def test_over_delivery_within_tolerance_is_taken_and_judged_over() -> None:
    order = f.sent(f.an_order(100, tolerance="0.05"))
    receipt = f.receive(order, 105)
    assert receipt.lines.get().judgement == "over"
    assert Event.objects.filter(event_type="DiscrepancyRaised").count() == 1
    assert PurchaseOrder.objects.get(pk=order.pk).status == "received"


def test_two_pallets_raise_the_stock_by_960_pieces() -> None:
    variant = f.a_variant("PAL-1", factors={"case": 12, "pallet": 480})
    order = f.sent(f.an_order(2, variant=variant, uom="pallet", price="960.00"))
    f.receive(order, 2, uom="pallet")
    line = order.lines.get()
    assert line.received == 960
    assert line.amount == Decimal("1920.0000")
    assert on_hand(variant) == 960


def test_approve_100_receive_60_leaves_40_on_order() -> None:
    variant = f.a_variant("D-13")
    order = f.an_order(100, variant=variant)
    assert on_order(variant) == 0
    f.approved(order)
    assert on_order(variant) == 100
    services.send_purchase_order(order.pk)
    services.acknowledge_purchase_order(order.pk)
    f.receive(order, 60)
    assert on_order(variant) == 40
    services.cancel_purchase_order(order.pk, reason="no longer needed")
    assert on_order(variant) == 0


def test_goods_of_a_draft_are_refused_and_nothing_is_written() -> None:
    order = f.an_order(100)
    with pytest.raises(IllegalTransition):
        f.receive(order, 10)
    assert order.lines.get().received == 0
    assert not Receipt.objects.filter(order=order).exists()


def test_a_delivery_acknowledges_a_sent_order_and_each_step_has_its_event() -> None:
    order = f.sent(f.an_order(10))
    f.receive(order, 10)
    told = Event.objects.filter(aggregate_type="PurchaseOrder", aggregate_id=order.pk)
    assert list(told.order_by("seq").values_list("event_type", flat=True)) == [
        "PurchaseOrderCreated",
        "PurchaseOrderSubmitted",
        "PurchaseOrderApproved",
        "PurchaseOrderSent",
        "PurchaseOrderAcknowledged",
        "GoodsReceived",
    ]


def test_damaged_goods_are_set_aside_and_told() -> None:
    order = f.sent(f.an_order(10))
    f.receive(order, 3, condition=Condition.DAMAGED)
    variant = order.lines.get().variant_id
    assert on_hand(variant) == 0
    assert on_hand(variant, status="damaged") == 3
    assert Event.objects.filter(event_type="DiscrepancyRaised").count() == 1


def test_the_same_receipt_twice_is_received_once() -> None:
    order = f.sent(f.an_order(10))
    line = order.lines.get()
    given = ReceiptInput(
        order_id=order.pk,
        location_id=f.a_location(),
        lines=(ReceivedLine(quantity=Decimal(4), line_id=line.pk),),
        occurred_at=f.LONG_AGO + timedelta(days=3),
        source="dock-scanner",
        external_id="DN-77",
    )
    first = services.receive_goods(given)
    assert services.receive_goods(given).pk == first.pk
    assert on_hand(line.variant_id) == 4
    other = replace(given, lines=(ReceivedLine(quantity=Decimal(5), line_id=line.pk),))
    with pytest.raises(ReceiptDiffers):
        services.receive_goods(other)


def test_a_lot_tracked_article_is_not_received_without_its_lot() -> None:
    variant = f.a_variant("LOT-1", tracking="lot")
    order = f.sent(f.an_order(10, variant=variant))
    with pytest.raises(TrackingNeeded):
        f.receive(order, 10)


def test_received_goods_are_put_away_once() -> None:
    order = f.sent(f.an_order(10))
    line = f.receive(order, 10).lines.get()
    assert line.status == "putaway_pending"
    shelf = f.a_location("WH1/SHELF")
    services.put_away(receipt_line_id=line.pk, location_id=shelf)
    assert ReceiptLine.objects.get(pk=line.pk).status == "stored"
    assert on_hand(line.variant_id) == 0
    assert on_hand(line.variant_id, "WH1/SHELF") == 10
    with pytest.raises(IllegalTransition):
        services.put_away(receipt_line_id=line.pk, location_id=shelf)


def test_a_receipt_needs_no_source_because_the_supplier_is_debited() -> None:
    order = f.sent(f.an_order(10))
    f.receive(order, 10)
    sent = Event.objects.filter(event_type="StockMoved").latest("id").payload["lines"][0]
    assert sent["to"]["location_id"] == f.a_location()
    assert sent["from"]["location_id"] != sent["to"]["location_id"]


def test_a_lot_arrives_with_its_number_and_expiry_and_is_used_again() -> None:
    variant = f.a_variant("LOT-2", tracking="lot")
    order = f.sent(f.an_order(10, variant=variant))
    first = f.receive(order, 4, lot_no="L-7", expires_on=date(2031, 1, 1)).lines.get()
    second = f.receive(order, 6, lot_no="L-7").lines.get()
    assert first.lot_id == second.lot_id
    assert balance_at(
        variant_id=variant, location_id=f.a_location(), lot_id=first.lot_id
    ).on_hand == Decimal(10)


def test_serial_numbers_become_units_one_for_each_piece() -> None:
    variant = f.a_variant("SER-1", tracking="serial")
    order = f.sent(f.an_order(2, variant=variant))
    with pytest.raises(TrackingNeeded):
        f.receive(order, 2, serials=("A",))
    line = f.receive(order, 2, serials=("A", "B")).lines.get()
    assert on_hand(variant) == 2
    services.put_away(receipt_line_id=line.pk, location_id=f.a_location("WH1/SHELF"))
    assert (on_hand(variant), on_hand(variant, "WH1/SHELF")) == (0, 2)
