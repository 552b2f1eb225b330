"""Clients that sell: place, reserve, ship."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

from lodestock.sales import services as sales
from lodestock.sales.types import Despatch, SalesHistory, SalesLineInput, SalesOrderInput

TWO, TEN = Decimal(2), Decimal(10)
LINES = 3


def one_by_one(index: int, *, run: str, **shop: Any) -> Callable[[], int]:
    """One order of three lines: placed, reserved, shipped, each a transaction of its own."""
    orders = _orders(index, run, **shop)

    def serve() -> int:
        order = sales.create_order(next(orders))
        sales.reserve_order(order.pk)
        sales.ship_order(order.pk)
        return 1

    return serve


def in_bulk(index: int, *, run: str, size: int, **shop: Any) -> Callable[[], int]:
    """`size` orders of three lines at a time: placed, reserved and shipped in one transaction."""
    orders = _orders(index, run, **shop)

    def serve() -> int:
        histories = [SalesHistory(next(orders), (Despatch(),)) for _ in range(size)]
        result = sales.replay_bulk(histories)
        return len(result.document_ids)

    return serve


def _orders(
    index: int, run: str, *, variants: list[int], site: int, place: int, customer: int
) -> Any:
    """Endless orders of three different articles, two of each."""
    rng = random.Random(index)
    for number in count():
        yield SalesOrderInput(
            site_id=site,
            location_id=place,
            customer_id=customer,
            currency="EUR",
            lines=tuple(
                SalesLineInput(
                    quantity=TWO, variant_id=variant, unit_price=TEN, external_key=str(line)
                )
                for line, variant in enumerate(rng.sample(variants, LINES))
            ),
            source="bench",
            external_id=f"{run}-{index}-{number}",
        )
