"""Goods in, as the scanners at the dock ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from benchmarks.cases.ordering import shop
from benchmarks.harness import web, world
from benchmarks.harness.registry import case
from benchmarks.harness.result import Measurement
from benchmarks.harness.rounds import compare
from benchmarks.harness.stage import Stage
from benchmarks.harness.workers import Pool
from lodestock.purchasing import services as purchasing
from lodestock.purchasing.types import PurchaseHistory, PurchaseLineInput, PurchaseOrderInput

CLIENTS = 8
SECONDS = 3.0
ENDLESS = Decimal(10_000_000)


@case("receive")
def receive(stage: Stage) -> Iterator[Measurement]:
    """Three purchase lines a request over HTTP, 8 clients, against the service itself."""
    floor = shop(stage, variants=3 * 2 * CLIENTS)
    orders = _orders(floor)
    dock = world.model("locations.Location").objects.filter(kind="bin").latest("pk").pk
    key = web.api_key()
    tasks = "benchmarks.tasks.receiving"
    with (
        web.served(stage) as port,
        Pool(
            f"{tasks}:over_http",
            CLIENTS,
            run="http",
            orders=orders[:CLIENTS],
            dock=dock,
            port=port,
            key=key,
        ) as http,
        Pool(
            f"{tasks}:through_service", CLIENTS, run="svc", orders=orders[CLIENTS:], dock=dock
        ) as service,
    ):
        yield compare(
            "receive_http",
            f"receive 3 PO lines a request over HTTP, {CLIENTS} clients",
            ours=lambda: http.run(SECONDS),
            baseline=lambda: service.run(SECONDS),
            target=0.25,
            unit="lines/s",
            rounds=5,
            baseline_is="purchasing.services.receive_goods, the same clients",
        )


def _orders(floor: dict[str, Any]) -> list[dict[str, Any]]:
    """One order a client, of three lines that are never filled."""
    made = []
    for number in range(2 * CLIENTS):
        lines = tuple(
            PurchaseLineInput(variant, ENDLESS, unit_price=Decimal(2), external_key=str(line))
            for line, variant in enumerate(floor["variants"][3 * number : 3 * number + 3])
        )
        order = PurchaseOrderInput(
            supplier_id=floor["customer"],
            site_id=floor["site"],
            lines=lines,
            currency="EUR",
            source="bench",
            external_id=f"po-{number}",
        )
        result = purchasing.place_and_receive_bulk([PurchaseHistory(order)])
        keys = [outcome.line_id for outcome in result.outcomes]
        made.append({"id": result.document_ids[0], "lines": keys})
    return made
