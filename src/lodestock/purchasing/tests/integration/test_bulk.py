"""Documents of the past: direct deliveries, receipts, repeats, corrections, late lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lodestock.eventstore.models import Event
from lodestock.inventory.models import Balance, Movement
from lodestock.locations.selectors import virtual_location
from lodestock.purchasing import services
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder, Receipt
from lodestock.purchasing.tests import factories as f
from lodestock.purchasing.types import (
    DirectDelivery,
    DirectLine,
    Outcome,
    PurchaseHistory,
    PurchaseLineInput,
    PurchaseOrderInput,
    ReceiptInput,
    ReceivedLine,
)
from lodestock.shipping.models import Shipment, ShipmentLine
from lodestock.shipping.services import resolve_pointers
from lodestock.shipping.types import Meaning, Stated

pytestmark = pytest.mark.django_db

SENT = f.LONG_AGO
DELIVERED = f.LONG_AGO + timedelta(days=20)


def line(key: str, quantity: int = 10, **more: object) -> PurchaseLineInput:
    given = {"unit_price": Decimal("3.00"), "promised_on": DELIVERED.date()} | more
    return PurchaseLineInput(f.a_variant(), Decimal(quantity), external_key=key, **given)


def direct(*keys: str, document: str = "P1", shipment: str = "ASN-1", **more: object):
    """An order whose goods went straight to the customer, every line in one shipment."""
    order = PurchaseOrderInput(
        supplier_id=f.a_supplier(),
        site_id=f.a_site(),
        lines=tuple(line(key) for key in keys),
        source="scms",
        external_id=document,
    )
    delivery = DirectDelivery(
        customer_id=f.a_customer(),
        lines=tuple(DirectLine(key) for key in keys),
        external_id=shipment,
        delivered_at=DELIVERED,
        scheduled_on=DELIVERED.date(),
    )
    return replace(PurchaseHistory(order, sent_at=SENT, deliveries=(delivery,)), **more)


def apply(*histories: PurchaseHistory) -> list[str]:
    return [str(x.outcome) for x in services.place_and_receive_bulk(histories).outcomes]


def test_direct_goods_go_over_transit_and_never_touch_our_stock() -> None:
    assert apply(direct("1", "2")) == ["applied", "applied"]
    order = PurchaseOrder.objects.get()
    assert (order.status, order.sent_at) == ("received", SENT)
    supplier, transit, customer = map(virtual_location, ("supplier", "transit", "customer"))
    legs = Movement.objects.order_by("id").values_list("source_id", "destination_id")
    assert set(legs) == {(supplier, transit), (transit, customer)}
    assert not Balance.objects.exclude(location_id=transit).exists()
    assert set(Balance.objects.values_list("on_hand", flat=True)) == {Decimal(0)}
    receipt = Receipt.objects.get()
    assert (receipt.direct, receipt.shipment.status) == (True, "delivered")
    assert Shipment.objects.get().direct


def test_the_same_documents_again_are_unchanged() -> None:
    histories = [direct("1", "2"), direct("3", document="P2", shipment="ASN-2")]
    apply(*histories)
    before = (Event.objects.count(), Movement.objects.count(), Receipt.objects.count())
    assert apply(*histories) == ["unchanged"] * 3
    assert (Event.objects.count(), Movement.objects.count(), Receipt.objects.count()) == before


def test_in_bulk_and_one_by_one_tell_the_same() -> None:
    def told(document: str) -> list[str]:
        order = PurchaseOrder.objects.get(external_id=document)
        rows = Event.objects.filter(aggregate_type="PurchaseOrder", aggregate_id=order.pk)
        return list(rows.order_by("seq").values_list("event_type", flat=True))

    apply(direct("1"), direct("2", document="P2", shipment="A2"))
    order = services.create_purchase_order(
        replace(direct("3", document="P3").order, ordered_at=SENT)
    )
    for verb in (
        services.submit_purchase_order,
        services.approve_purchase_order,
        services.send_purchase_order,
        services.acknowledge_purchase_order,
    ):
        verb(order.pk, occurred_at=SENT)
    services.deliver_direct(order.pk, direct("3", shipment="A3").deliveries[0])
    assert told("P1") == told("P2") == told("P3")


def test_an_order_sent_after_its_delivery_is_refused_alone() -> None:
    bad = direct("1", sent_at=DELIVERED + timedelta(days=1))
    assert apply(bad, direct("2", document="P2", shipment="ASN-2")) == ["refused", "applied"]
    assert PurchaseOrder.objects.get().external_id == "P2"


def test_a_time_nobody_captured_stays_unknown() -> None:
    apply(direct("1", sent_at=None))
    order = PurchaseOrder.objects.get()
    assert (order.ordered_at, order.sent_at, order.status) == (None, None, "received")


def test_a_stated_amount_stands_although_price_times_quantity_rounds_otherwise() -> None:
    history = direct("1")
    stated = replace(history.order, lines=(line("1", amount=Decimal("29.97")),))
    apply(replace(history, order=stated))
    assert PurchaseOrder.objects.get().total == Decimal("29.97")
    assert PurchaseLine.objects.get().amount_stated


def test_freight_facts_keep_their_meaning_and_pointers_find_their_line() -> None:
    history = direct("1", "2")
    see = Stated(None, Meaning.SEE_OTHER_LINE, "1")
    lines = (
        DirectLine("1", weight=Stated.of(Decimal(13)), freight=Stated(None, Meaning.INCLUDED)),
        DirectLine("2", weight=see, freight=see),
    )
    delivery = replace(history.deliveries[0], lines=lines)
    apply(replace(history, deliveries=(delivery,)))
    answer = resolve_pointers("scms")
    assert (answer.found, answer.resolved) == (2, 2)
    first, second = ShipmentLine.objects.order_by("external_key")
    assert (first.weight_kg, first.freight_cost, first.freight_meaning) == (13, None, "included")
    assert second.weight_line_id == second.freight_line_id == first.pk


def test_corrected_facts_are_taken_over_and_moved_goods_are_not() -> None:
    history = direct("1")
    apply(history)
    dearer = replace(history.order, lines=(line("1", unit_price=Decimal("4.00")),))
    assert apply(replace(history, order=dearer)) == ["amended"]
    assert PurchaseOrder.objects.get().total == 40
    more = replace(history.order, lines=(line("1", quantity=11),))
    assert apply(replace(history, order=more)) == ["refused"]
    later = replace(history.deliveries[0], delivered_at=DELIVERED + timedelta(days=3))
    assert apply(replace(history, deliveries=(later,))) == ["refused"]
    assert PurchaseLine.objects.get().received == 10


def test_a_later_part_of_a_document_is_a_revision() -> None:
    apply(direct("1"))
    assert apply(direct("1", "2")) == ["unchanged", "applied"]
    order = PurchaseOrder.objects.get()
    assert (order.status, order.revision, order.lines.count()) == ("received", 1, 2)
    assert Shipment.objects.get().lines.count() == 2
    assert set(Balance.objects.values_list("on_hand", flat=True)) == {Decimal(0)}


def test_goods_on_their_way_arrive_with_the_next_file() -> None:
    history = direct("1")
    away = replace(history.deliveries[0], delivered_at=None, departed_at=SENT + timedelta(days=2))
    apply(replace(history, deliveries=(away,)))
    assert PurchaseOrder.objects.get().status == "acknowledged"
    assert Balance.objects.get().on_hand == 10
    arrived = replace(away, delivered_at=DELIVERED)
    assert apply(replace(history, deliveries=(arrived,))) == ["amended"]
    assert PurchaseOrder.objects.get().status == "received"
    assert Balance.objects.get().on_hand == 0


def test_receipts_of_the_past_reach_the_dock_once() -> None:
    order = replace(direct("1").order, lines=(line("1", quantity=10),))
    receipt = ReceiptInput(
        location_id=f.a_location(),
        lines=(ReceivedLine(Decimal(6), line_key="1"),),
        occurred_at=DELIVERED,
        source="scms",
        external_id="GR-1",
    )
    history = PurchaseHistory(order, sent_at=SENT, receipts=(receipt,))
    assert apply(history) == ["applied"]
    assert apply(history) == ["unchanged"]
    assert PurchaseOrder.objects.get().status == "partially_received"
    assert Balance.objects.get().on_hand == 6


def test_one_bad_line_is_refused_with_its_reason_and_its_neighbour_stays() -> None:
    history = direct("1", "2")
    lines = (line("1"), replace(line("2"), quantity=Decimal(-4)))
    answer = services.place_and_receive_bulk(
        [replace(history, order=replace(history.order, lines=lines))]
    )
    assert [x.outcome for x in answer.outcomes] == [Outcome.APPLIED, Outcome.REFUSED]
    assert "greater than zero" in answer.outcomes[1].reason
    assert PurchaseLine.objects.count() == 1
