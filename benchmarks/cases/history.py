"""What a long history costs: stock as of any instant, reconciliation, and posting on top of it."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from benchmarks.harness import history, world
from benchmarks.harness.history import History
from benchmarks.harness.registry import case
from benchmarks.harness.result import Measurement, ceiling
from benchmarks.harness.rounds import compare
from benchmarks.harness.stage import Stage, point_django_at
from benchmarks.harness.workers import Pool
from lodestock.inventory import selectors as stock
from lodestock.inventory import services as inventory
from lodestock.inventory.verification import verify

INSTANTS = 10
LIMIT_MS = 500
Clock = Callable[[datetime, datetime], dict[str, datetime]]

#: Which question each clock is asked, of an instant T and a later one K.
CLOCKS: dict[str, Clock] = {
    "occurred": lambda t, _k: {"as_of": t},
    "recorded": lambda t, _k: {"known_at": t},
    "both": lambda t, k: {"as_of": t, "known_at": k},
}


@case("instants")
def instants(stage: Stage) -> Iterator[Measurement]:
    """Whole stock as of any instant on both clocks, and reconciliation, over a moderate history."""
    shape = History(rows=600_000, months=24)
    yield from _questions(stage, "600k", shape, variants=5_000, incremental_s=1, full_s=15)
    _fresh_database(stage)
    imported = History(rows=600_000, months=24, imported=True)
    yield from _questions(stage, "600k_imported", imported, variants=5_000)


@case("instants_5m", full_only=True)
def instants_5m(stage: Stage) -> Iterator[Measurement]:
    """The same over 5.5 million movements, 60 months, 500,000 keys."""
    shape = History(rows=5_500_000, months=60)
    yield from _questions(stage, "5m", shape, variants=50_000, incremental_s=1, full_s=15)
    _fresh_database(stage)
    imported = History(rows=5_500_000, months=60, imported=True)
    yield from _questions(stage, "5m_imported", imported, variants=50_000)


@case("instants_20m", full_only=True)
def instants_20m(stage: Stage) -> Iterator[Measurement]:
    """The same over 20 million movements, and posting on top of them against an empty ledger."""
    shape = History(rows=20_000_000, months=60)
    made = yield from _questions(stage, "20m", shape, variants=50_000, incremental_s=1)
    yield from _posting_on_top(stage, made)


def _fresh_database(stage: Stage) -> None:
    stage.database = str(stage.another_database()["dbname"])
    point_django_at(stage.database)


def _questions(
    stage: Stage,
    name: str,
    shape: History,
    *,
    variants: int,
    incremental_s: float | None = None,
    full_s: float | None = None,
) -> Any:
    made = world.build(variants=variants, bins=history.BINS_PER_VARIANT)
    history.build(stage, made, shape)
    with stage.timed("monthly snapshots on both clocks"):
        inventory.take_snapshots()
    with stage.connect(autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    told = "all told in one month" if shape.imported else "1 % told late"
    what = f"{shape.rows:,} rows, {shape.months} months, {variants * 10:,} keys, {told}"
    for clock, question in CLOCKS.items():
        if clock == "recorded" and shape.imported:
            continue  # before that one moment nothing was known
        yield _slowest(
            f"asof_{clock}_{name}", f"stock as of any instant ({clock}): {what}", question, shape
        )
    for mode, limit in (("incremental", incremental_s), ("full", full_s)):
        if limit is not None:
            yield _reconciled(
                f"reconcile_{mode}_{name}", f"{mode} reconciliation: {what}", mode, limit
            )
    return made


def _slowest(name: str, what: str, question: Clock, shape: History) -> Measurement:
    """The slowest of some instants, each the median of three answers."""
    rng = random.Random(11)
    now = datetime.now(UTC)
    span = timedelta(days=30 * (shape.months - 1))
    found = []
    for _ in range(INSTANTS):
        t = now - span * rng.random()
        asked = question(t, t + (now - t) * rng.random())
        found.append(statistics.median(_answered(asked) for _ in range(3)))
    ours = {"ms": round(max(found), 1), "median_ms": round(statistics.median(found), 1)}
    return ceiling(name, what, ours, at_most=LIMIT_MS, key="ms", unit="ms")


def _answered(asked: dict[str, datetime]) -> float:
    started = time.perf_counter()
    keys, _total = stock.total_as_of(**asked)
    assert keys >= 0
    return 1000 * (time.perf_counter() - started)


def _reconciled(name: str, what: str, mode: str, limit: float) -> Measurement:
    started = time.perf_counter()
    report = verify(incremental=mode == "incremental")
    ours = {"seconds": round(time.perf_counter() - started, 2), "movements": report.movements}
    zeros = {"differences": len(report.differences)}
    notes = "; ".join(f"{x.check} {x.subject}" for x in report.differences[:3])
    return ceiling(
        name, what, ours, at_most=limit, key="seconds", unit="s", zeros=zeros, notes=notes
    )


def _posting_on_top(stage: Stage, made: world.World) -> Iterator[Measurement]:
    factory, seconds = "benchmarks.tasks.posting:transfer", 3.0
    floor = {"variants": made.variants[:2_000], "bins": made.bins[:4]}
    empty = str(stage.another_database()["dbname"])
    point_django_at(empty)
    beside = world.build(variants=2_000, bins=4)
    world.stock_up(beside, list(product(beside.variants, beside.bins)))
    there = {"variants": beside.variants, "bins": beside.bins}
    point_django_at(stage.database)
    with (
        Pool(factory, 1, database=stage.database, run="full", **floor) as full,
        Pool(factory, 1, database=empty, run="empty", **there) as fresh,
    ):
        yield compare(
            "posting_20m",
            "one posting on 20 million rows, against an empty ledger",
            ours=lambda: full.run(seconds),
            baseline=lambda: fresh.run(seconds),
            target=0.95,
            unit="postings/s",
            rounds=7,
            baseline_is="the same service on an empty ledger",
        )
