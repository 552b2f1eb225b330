"""A million identified things, and a lot of them in one place."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

import psycopg

from benchmarks.harness import world
from benchmarks.harness.registry import case
from benchmarks.harness.result import Measurement, ceiling
from benchmarks.harness.sections import sections
from benchmarks.harness.stage import Stage
from lodestock.inventory import services as inventory
from lodestock.inventory.types import MovementLine, Place

ROLLS, STAGED, LOTS = 1_000_000, 50_000, 100
MOVED, ROUNDS = 100, 60
LIMIT_MS = 20
KG = Decimal(25)


@case("rolls")
def rolls(stage: Stage) -> Iterator[Measurement]:
    """A million rolls, 50,000 of them in one staging place: move 100 in one posting."""
    made = world.build(variants=20, bins=200, tracking="unit")
    staging, *bins = made.bins
    _lay_out(stage, made.variants, staging, bins)
    waits = [_move(stage, number, staging, bins[number % 50]) for number in range(ROUNDS)]
    measured = waits[10:]
    ours = {"ms": round(statistics.median(measured), 2), "worst_ms": round(max(measured), 2)}
    yield ceiling(
        "rolls_move_100",
        f"{ROLLS:,} rolls, {STAGED:,} in one place: move {MOVED}",
        ours,
        at_most=LIMIT_MS,
        key="ms",
        unit="ms",
        notes="median of 50 postings of 100 units each",
    )


def _lay_out(stage: Stage, variants: list[int], staging: int, bins: list[int]) -> None:
    given = {"variants": variants, "lots": LOTS, "rolls": ROLLS, "staged": STAGED}
    given |= {"stage": staging, "bins": bins}
    with stage.timed(f"{ROLLS:,} rolls"), stage.connect_as_admin() as connection:
        connection.execute("SET synchronous_commit = off")
        _quietly(connection)
        with psycopg.ClientCursor(connection) as cursor:
            for statement in sections("rolls.sql").values():
                cursor.execute(statement, given)  # type: ignore[arg-type]
        connection.execute("VACUUM ANALYZE")


def _quietly(connection: psycopg.Connection[Any]) -> None:
    """Leave out the set-up's history and key checks, where the login may; else it takes longer."""
    with suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute("SET session_replication_role = replica")


def _move(stage: Stage, number: int, staging: int, destination: int) -> float:
    """Move the next 100 rolls of the staging place; returns milliseconds."""
    lines = [_line(row, staging, destination) for row in _staged(staging)]
    started = time.perf_counter()
    inventory.post_movements(
        kind="putaway", reference_type="bench", reference_id=f"rolls-{number}", lines=lines
    )
    return 1000 * (time.perf_counter() - started)


def _staged(staging: int) -> list[Any]:
    contents = world.model("inventory.HuContent").objects
    rows = contents.filter(hu__location_id=staging).order_by("hu_id")[:MOVED]
    return list(rows.values_list("hu_id", "variant_id", "lot_id"))


def _line(row: Any, staging: int, destination: int) -> MovementLine:
    hu, variant, lot = row
    return MovementLine(variant, KG, Place(staging, hu), Place(destination, hu), lot)
