"""Clients that receive goods: three order lines at a time, over HTTP or through the service."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

from benchmarks.harness.web import Client
from lodestock.kernel import ids
from lodestock.purchasing import services as purchasing
from lodestock.purchasing.types import ReceiptInput, ReceivedLine


def over_http(
    index: int, *, run: str, orders: list[dict[str, Any]], dock: int, port: int, key: str
) -> Callable[[], int]:
    """POST /purchase-orders/{sqid}/receipts; counts lines."""
    client = Client(port, key)
    order = orders[index]
    path = f"/api/v1/purchase-orders/{ids.encode('purchasing.purchaseorder', order['id'])}/receipts"
    lines = [
        {"line": ids.encode("purchasing.purchaseline", line), "quantity": "1"}
        for line in order["lines"]
    ]
    body = {"location": ids.encode("locations.location", dock), "lines": lines}
    numbers = count()

    def receive() -> int:
        client.post(path, body, idempotency_key=f"{run}-{index}-{next(numbers)}")
        return len(lines)

    return receive


def through_service(
    index: int, *, run: str, orders: list[dict[str, Any]], dock: int
) -> Callable[[], int]:
    """The same receipts by `receive_goods`; counts lines."""
    order = orders[index]
    lines = tuple(ReceivedLine(quantity=Decimal(1), line_id=line) for line in order["lines"])

    def receive() -> int:
        purchasing.receive_goods(ReceiptInput(dock, lines, order_id=order["id"]))
        return len(lines)

    return receive
