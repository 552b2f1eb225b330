"""Goods that an order was promised are found to be gone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lodestock.attention.models import ExceptionCase
from lodestock.inventory.services import post_movements
from lodestock.inventory.types import MovementLine, Place
from lodestock.locations.selectors import virtual_location
from lodestock.sales import services
from lodestock.sales.models import SalesOrder
from lodestock.sales.tests import factories as f

pytestmark = pytest.mark.django_db


def test_the_youngest_order_is_backordered_and_the_next_receipt_serves_it() -> None:
    variant = f.a_variant()
    f.stock(variant, 10)
    old, young = (f.an_order(quantity, variant=variant) for quantity in (6, 4))
    services.reserve_orders([old.pk, young.pk])
    missing = Place(f.a_warehouse()), Place(virtual_location("count"))
    post_movements(
        kind="adjust",
        reference_type="count",
        reference_id="C-1",
        lines=[MovementLine(variant, Decimal(3), *missing, reason_code="COUNT")],
    )
    case = ExceptionCase.objects.get()
    assert (case.rule, case.evidence["reference_id"]) == ("promised_stock_lost", young.number)
    shipped = [services.ship_order(order.pk) for order in (old, young)]
    assert all(shipped)
    statuses = SalesOrder.objects.in_bulk([old.pk, young.pk])
    assert statuses[old.pk].status == "FULFILLED"
    assert statuses[young.pk].status == "PARTIALLY_FULFILLED"
    (hold,) = services.reserve_order(young.pk)
    assert (hold.held, hold.backordered) == (0, 3)
    f.stock(variant, 5, note="found")
    services.ship_order(young.pk)
    assert SalesOrder.objects.get(pk=young.pk).status == "FULFILLED"
