"""Selling, from the order to the lorry."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from benchmarks.harness import pgbench, world
from benchmarks.harness.calibrate import prepare
from benchmarks.harness.registry import case
from benchmarks.harness.result import Measurement, rate_floor
from benchmarks.harness.rounds import compare, figures, troubles
from benchmarks.harness.stage import Stage
from benchmarks.harness.workers import Pool

SECONDS = 3.0
BULK_SIZE = 200


def shop(stage: Stage, *, variants: int = 2_000) -> dict[str, Any]:
    """Stock in one bin for every article, and somebody to sell it to."""
    made = world.build(variants=variants, bins=2)
    world.stock_up(made, list(product(made.variants, made.bins[:1])))
    customer = world.model("partners.Partner").objects.create(
        code="BENCH", name="Bench customer", roles=["customer", "supplier"]
    )
    return {
        "variants": made.variants,
        "site": made.site,
        "place": made.warehouse,
        "customer": customer.pk,
    }


@case("orders")
def orders(stage: Stage) -> Iterator[Measurement]:
    """Orders of three lines placed, reserved and shipped, one by one and in bulk."""
    prepare(stage)
    stage.run_sql("raw_orders.sql")
    floor = shop(stage)
    script = stage.script("raw_order.pgbench")
    with Pool("benchmarks.tasks.ordering:one_by_one", 1, run="single", **floor) as pool:
        yield compare(
            "orders_single",
            "place, reserve, ship: 3-line orders one by one",
            ours=lambda: pool.run(SECONDS),
            baseline=lambda: pgbench.run(stage.owner, script, clients=1, seconds=SECONDS),
            target=0.20,
            unit="orders/s",
            rounds=4,
            baseline_is="pgbench: the same writes in bare SQL, three transactions",
        )
    factory = "benchmarks.tasks.ordering:in_bulk"
    with Pool(factory, 1, run="bulk", size=BULK_SIZE, **floor) as pool:
        rounds = [pool.run(SECONDS) for _ in range(3)]
        yield rate_floor(
            "orders_bulk",
            f"the same, {BULK_SIZE} orders at a time",
            figures(rounds, "orders/s"),
            at_least=250,
            unit="orders/s",
            zeros=troubles(rounds),
        )
