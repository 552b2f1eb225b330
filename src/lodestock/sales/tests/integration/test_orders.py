"""An order's life: placed, held, shipped in parts, cancelled, put on hold."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lodestock.eventstore.models import Event
from lodestock.inventory.selectors import balance_at, reservations_of, units_holding
from lodestock.kernel.errors import Conflict, IllegalTransition, InvalidInput
from lodestock.sales import services
from lodestock.sales.errors import MoreThanOpen, NothingToShip, NotInStock, OrderOnHold
from lodestock.sales.models import SalesOrder
from lodestock.sales.tests import factories as f
from lodestock.sales.types import Despatch, DespatchLine, LineKind
from lodestock.shipping.models import Shipment

pytestmark = pytest.mark.django_db


def balance(variant: int):
    return balance_at(variant_id=variant, location_id=f.a_warehouse())


def told(order: SalesOrder) -> list[str]:
    events = Event.objects.filter(aggregate_type="SalesOrder", aggregate_id=order.pk)
    return list(events.order_by("seq").values_list("event_type", flat=True))


def fresh(order: SalesOrder) -> SalesOrder:
    return SalesOrder.objects.get(pk=order.pk)


def test_the_worked_example_create_2_ship_1_backorder_1_fulfil() -> None:
    variant = f.a_variant("ABC-123")
    f.stock(variant, 1)
    order = f.an_order(2, variant=variant)
    services.ship_order(order.pk)
    assert fresh(order).status == "PARTIALLY_FULFILLED"
    partly = Event.objects.get(event_type="OrderPartiallyFulfilled").payload["fulfillment"][0]
    assert (partly["sku"], Decimal(partly["shipped"]), Decimal(partly["backordered"])) == (
        "ABC-123",
        1,
        1,
    )
    f.stock(variant, 1, note="second")
    services.ship_order(order.pk)
    assert fresh(order).status == "FULFILLED"
    assert told(order) == ["OrderCreated", "OrderPartiallyFulfilled", "OrderFulfilled"]
    assert balance(variant).on_hand == 0


def test_the_created_event_carries_the_payload_of_the_catalogue() -> None:
    order = f.an_order(2)
    payload = Event.objects.get(event_type="OrderCreated").payload
    assert payload["order_id"] == order.sqid
    item = payload["line_items"][0]
    assert item["sku"] == "ABC-123"
    assert Decimal(item["qty"]) == 2
    assert Decimal(item["price"]) == 5
    assert {"uom", "required_date"} <= set(item)


def test_a_draft_is_created_once() -> None:
    order = services.draft_order(f.order_input([f.line(f.a_variant(), 1)]))
    assert order.status == "DRAFT"
    services.place_order(order.pk)
    count = Event.objects.count()
    with pytest.raises(IllegalTransition):
        services.place_order(order.pk)
    assert Event.objects.count() == count


def test_reserving_lowers_available_and_not_on_hand() -> None:
    variant = f.a_variant()
    f.stock(variant, 100)
    holds = services.reserve_order(f.an_order(98, variant=variant).pk)
    assert (holds[0].held, holds[0].backordered) == (98, 0)
    now = balance(variant)
    assert (now.on_hand, now.reserved, now.available) == (100, 98, 2)
    short = services.reserve_order(f.an_order(3, variant=variant).pk)
    assert (short[0].held, short[0].backordered) == (2, 1)


def test_receive_100_ship_25_leaves_75() -> None:
    variant = f.a_variant()
    f.stock(variant, 100)
    shipment = services.ship_order(f.an_order(25, variant=variant).pk)
    assert balance(variant).on_hand == 75
    assert Shipment.objects.get(pk=shipment.id).status == "departed"


def test_cancelling_lets_go_what_was_held_in_the_same_transaction() -> None:
    variant = f.a_variant()
    f.stock(variant, 10)
    order = f.an_order(8, variant=variant)
    services.reserve_order(order.pk)
    services.cancel_order(order.pk, reason="customer's request")
    assert balance(variant).reserved == 0
    held = [x for r in reservations_of("sales_order", [order.number]) for x in r.lines]
    assert held == []
    assert fresh(order).status == "CANCELLED"
    assert Event.objects.get(event_type="OrderCancelled").payload["reason"] == "customer's request"


def test_cancelling_needs_a_reason() -> None:
    with pytest.raises(InvalidInput):
        services.cancel_order(f.an_order().pk, reason="  ")


def test_a_fulfilled_order_is_not_cancelled() -> None:
    variant = f.a_variant()
    f.stock(variant, 2)
    order = f.an_order(2, variant=variant)
    services.ship_order(order.pk)
    with pytest.raises(IllegalTransition):
        services.cancel_order(order.pk, reason="too late")
    assert fresh(order).cancel_reason == ""


def test_cancelling_the_rest_keeps_what_was_shipped() -> None:
    variant = f.a_variant()
    f.stock(variant, 1)
    order = f.an_order(3, variant=variant)
    services.ship_order(order.pk)
    services.cancel_order(order.pk, reason="enough")
    line = order.lines.get()
    assert (line.shipped, line.cancelled, line.open_quantity) == (1, 2, 0)


def test_a_held_order_waits_until_it_is_released() -> None:
    variant = f.a_variant()
    f.stock(variant, 5)
    order = f.an_order(1, variant=variant)
    services.hold_order(order.pk, reason="credit limit")
    with pytest.raises(OrderOnHold):
        services.ship_order(order.pk)
    with pytest.raises(OrderOnHold):
        services.reserve_order(order.pk)
    with pytest.raises(Conflict):
        services.hold_order(order.pk, reason="again")
    services.release_order(order.pk)
    services.ship_order(order.pk)
    assert told(order) == ["OrderCreated", "OrderHeld", "OrderReleased", "OrderFulfilled"]


def test_services_and_financial_lines_are_fulfilled_without_movement() -> None:
    order = services.create_order(
        f.order_input(
            [
                f.line(None, 1, "18.00", kind=LineKind.SERVICE, sku="POST"),
                f.line(None, 1, "-11062.06", kind=LineKind.FINANCIAL, sku="B"),
            ],
            customer_id=None,
        )
    )
    assert services.ship_order(order.pk) is None
    assert fresh(order).status == "FULFILLED"
    assert fresh(order).walk_in
    assert fresh(order).total == Decimal("-11044.06")
    assert not Event.objects.filter(event_type="StockMoved").exists()


def test_a_negative_price_is_for_financial_lines_only() -> None:
    with pytest.raises(InvalidInput):
        services.create_order(f.order_input([f.line(f.a_variant(), 1, "-1")]))


def test_a_named_quantity_that_is_not_in_stock_is_refused_with_the_figures() -> None:
    variant = f.a_variant()
    f.stock(variant, 2)
    order = f.an_order(5, variant=variant)
    line = order.lines.get()
    with pytest.raises(NotInStock) as refusal:
        services.ship_order(
            order.pk, Despatch(lines=(DespatchLine(line_id=line.pk, quantity=Decimal(3)),))
        )
    assert Decimal(refusal.value.params["held"]) == 2
    assert balance(variant).on_hand == 2
    assert balance(variant).reserved == 0


def test_more_than_open_is_never_shipped() -> None:
    variant = f.a_variant()
    f.stock(variant, 50)
    order = f.an_order(5, variant=variant)
    line = order.lines.get()
    with pytest.raises(MoreThanOpen):
        services.ship_order(
            order.pk, Despatch(lines=(DespatchLine(line_id=line.pk, quantity=Decimal(6)),))
        )


def test_an_order_without_stock_stays_backordered() -> None:
    order = f.an_order(5)
    with pytest.raises(NothingToShip):
        services.ship_order(order.pk)
    assert fresh(order).status == "CREATED"
    assert not Shipment.objects.exists()


def test_a_part_of_a_line_leaves_the_rest_open() -> None:
    variant = f.a_variant()
    f.stock(variant, 50)
    order = f.an_order(5, variant=variant)
    line = order.lines.get()
    for quantity in (2, 3):
        services.ship_order(
            order.pk, Despatch(lines=(DespatchLine(line_id=line.pk, quantity=Decimal(quantity)),))
        )
    assert fresh(order).status == "FULFILLED"
    assert balance(variant).on_hand == 45
    assert balance(variant).reserved == 0


def test_pieces_with_serial_numbers_leave_as_units_oldest_first() -> None:
    variant = f.a_variant("SER-9", tracking="serial")
    units = f.stock_pieces(variant, ["A", "B", "C"])
    order = f.an_order(2, variant=variant)
    services.ship_order(order.pk)
    assert balance(variant).on_hand == 1
    left = units_holding([variant], [f.a_warehouse()])
    assert [unit.hu_id for unit in left] == [units["C"]]
