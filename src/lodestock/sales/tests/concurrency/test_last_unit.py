"""Two orders and one unit; many orders and few."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from lodestock.inventory.selectors import balance_at
from lodestock.sales import services
from lodestock.sales.errors import NothingToShip
from lodestock.sales.models import SalesLine
from lodestock.sales.tests import factories as f


def ship_at_once(orders: list[int]) -> list[bool]:
    start = Barrier(len(orders))

    def ship(order: int) -> bool:
        start.wait(timeout=30)
        try:
            services.ship_order(order)
        except NothingToShip:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(orders)) as pool:
        return list(pool.map(ship, orders))


def test_of_two_orders_for_the_last_unit_one_gets_it(committing_db: Any) -> None:
    variant = f.a_variant()
    f.stock(variant, 1)
    orders = [f.an_order(1, variant=variant).pk for _ in range(2)]
    assert sorted(ship_at_once(orders)) == [False, True]
    now = balance_at(variant_id=variant, location_id=f.a_warehouse())
    assert (now.on_hand, now.reserved) == (0, 0)


def test_ten_orders_for_twenty_units_ship_exactly_twenty(committing_db: Any) -> None:
    variant = f.a_variant()
    f.stock(variant, 20)
    orders = [f.an_order(3, variant=variant).pk for _ in range(10)]
    ship_at_once(orders)
    shipped = sum(SalesLine.objects.values_list("shipped", flat=True))
    now = balance_at(variant_id=variant, location_id=f.a_warehouse())
    assert (shipped, now.on_hand, now.reserved) == (20, 0, 0)
