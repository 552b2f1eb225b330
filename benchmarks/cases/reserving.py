"""One article, many who want it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from benchmarks.harness import pgbench, world
from benchmarks.harness.calibrate import prepare
from benchmarks.harness.registry import case
from benchmarks.harness.result import Measurement
from benchmarks.harness.rounds import Round, compare
from benchmarks.harness.stage import Stage
from benchmarks.harness.workers import Pool

CLIENTS = 32
UNITS = 10_000
SECONDS = 2.0
MANY = Decimal(100_000_000)


@case("reserve")
def reserve(stage: Stage) -> Iterator[Measurement]:
    """Reservations of one hot article by 32 clients, and how many were promised too much."""
    prepare(stage)
    made = world.build(variants=2, bins=1)
    scarce, plenty = made.variants
    world.stock_up(made, [(scarce, made.bins[0])], quantity=Decimal(UNITS), key="scarce")
    world.stock_up(made, [(plenty, made.bins[0])], quantity=MANY, key="plenty")
    factory = "benchmarks.tasks.reserving:hot"
    with Pool(factory, CLIENTS, run="scarce", variant=scarce, scope=made.bins) as pool:
        promised = _until_sold_out(stage, pool)
    zeros = {"oversold": max(0, promised - UNITS), "unsold": max(0, UNITS - promised)}
    zeros |= {"differences": _differences(stage, scarce)}
    script = stage.script("raw_reserve.pgbench")
    with Pool(factory, CLIENTS, run="plenty", variant=plenty, scope=made.bins) as pool:
        yield compare(
            "reserve_hot",
            f"one hot article, {CLIENTS} clients; {UNITS:,} units sold out first",
            ours=lambda: pool.run(SECONDS),
            baseline=lambda: pgbench.run(stage.owner, script, clients=CLIENTS, seconds=SECONDS),
            target=0.5,
            unit="reservations/s",
            rounds=5,
            baseline_is="pgbench: the bare conditional UPDATE of one row",
            zeros=zeros,
            notes=f"{promised:,} promised of {UNITS:,}; stretch 2.0",
        )


def _until_sold_out(stage: Stage, pool: Pool) -> int:
    """Let all clients reserve until a whole round brings nothing; returns what was promised."""
    promised = 0
    with stage.timed(f"{UNITS:,} units wanted by {CLIENTS} clients"):
        while True:
            found: Round = pool.run(1.0)
            units = round(found.more["units"])
            promised += units
            if units == 0 or promised > 2 * UNITS:
                return promised


def _differences(stage: Stage, variant: int) -> int:
    """Balance rows whose reserved figure is not the sum of what is pinned to them."""
    with stage.connect() as connection:
        row = connection.execute(
            "SELECT count(*) FROM inventory_balance b WHERE variant_id = %s AND reserved <>"
            " (SELECT coalesce(sum(held), 0) FROM inventory_reservationline l"
            "  WHERE (l.variant_id, l.location_id, l.lot_id, l.status, l.owner_id)"
            "      = (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id))",
            [variant],
        ).fetchone()
    return int(row[0]) if row else -1
