"""One order line received sixteen times at once: the race without the lock, then the cure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from lodestock.kernel.errors import IllegalTransition
from lodestock.purchasing import locks
from lodestock.purchasing.errors import OverReceipt
from lodestock.purchasing.models import PurchaseOrder, ReceiptLine
from lodestock.purchasing.tests import factories as f

TRIES = 16


def receive_at_once(order: PurchaseOrder, tries: int) -> int:
    """All 20 pieces, so many times, started together; how many went through."""
    start = Barrier(tries)

    def receive(_: int) -> bool:
        start.wait(timeout=30)
        try:
            f.receive(order, 20)
        except (OverReceipt, IllegalTransition):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(tries) as pool:
        return sum(pool.map(receive, range(tries)))


def counted(order: PurchaseOrder) -> Decimal:
    lines = ReceiptLine.objects.filter(receipt__order=order)
    return lines.aggregate(total=Sum("base_quantity"))["total"] or Decimal(0)


def without_lock(order_ids: Any) -> dict[int, PurchaseOrder]:
    return {row.pk: row for row in PurchaseOrder.objects.filter(pk__in=set(order_ids))}


def test_without_the_lock_the_same_goods_are_received_more_than_once(
    committing_db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = f.sent(f.an_order(20))
    f.a_location()
    monkeypatch.setattr(locks, "lock_orders", without_lock)
    for _ in range(5):
        receive_at_once(order, 8)
        if counted(order) > 20:
            return
        order = f.sent(f.an_order(20))
    pytest.fail("the race did not show: the lock would be unproven")


def test_with_the_lock_twenty_are_received_once(committing_db: Any) -> None:
    order = f.sent(f.an_order(20))
    f.a_location()
    assert receive_at_once(order, TRIES) == 1
    assert counted(order) == 20
    assert order.lines.get().received == 20
