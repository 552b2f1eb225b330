"""One posting and batches of lines, through the service, against raw SQL, COPY and the ORM."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from benchmarks.harness import baselines, web, world
from benchmarks.harness.calibrate import prepare, raw_posting
from benchmarks.harness.registry import case
from benchmarks.harness.result import Measurement
from benchmarks.harness.rounds import Side, compare
from benchmarks.harness.stage import Stage
from benchmarks.harness.workers import Pool

VARIANTS, BINS = 2_000, 4
SECONDS, ROUNDS = 2.0, 5
INGESTED = 100_000


def _shop_floor(stage: Stage) -> dict[str, list[int]]:
    """Stock in every bin, for ours and for the control."""
    made = world.build(variants=VARIANTS, bins=BINS)
    pairs = list(product(made.variants, made.bins))
    with stage.timed(f"{len(pairs):,} balances"):
        world.stock_up(made, pairs)
    return {"variants": made.variants, "bins": made.bins}


@case("posting")
def posting(stage: Stage) -> Iterator[Measurement]:
    """One transfer between two bins through the service, against pgbench and a naive ORM."""
    prepare(stage)
    floor = _shop_floor(stage)
    baselines.make_control(stage, floor)
    for clients in (1, 8):
        run = f"p{clients}"
        with (
            Pool("benchmarks.tasks.posting:transfer", clients, run=run, **floor) as ours,
            Pool("benchmarks.tasks.posting:naive", clients, run=run, **floor) as naive,
        ):
            yield compare(
                f"posting_{clients}",
                f"one posting, {clients} client{'s' * (clients > 1)}",
                ours=_side(ours),
                baseline=lambda n=clients: raw_posting(stage, clients=n, seconds=SECONDS),
                target=0.40,
                unit="postings/s",
                rounds=ROUNDS,
                baseline_is="pgbench: INSERT + UPDATE + COMMIT, durable",
            )
            yield compare(
                f"posting_{clients}_naive",
                f"the same against the naive ORM, {clients} client{'s' * (clients > 1)}",
                ours=_side(ours),
                baseline=_side(naive),
                target=6.0,
                unit="postings/s",
                rounds=3,
                baseline_is="benchmarks/control: get_or_create, F(), save, create",
            )


def _side(pool: Pool) -> Side:
    return lambda: pool.run(SECONDS)


@case("batch")
def batch(stage: Stage) -> Iterator[Measurement]:
    """Postings of 100 and of 1,000 lines, against COPY into the same table."""
    floor = _shop_floor(stage)
    copied = baselines.CopyIntoMovements(stage, floor)
    for size, target in ((100, 0.17), (1_000, 0.20)):
        with Pool("benchmarks.tasks.posting:batch", 1, run=f"b{size}", size=size, **floor) as pool:
            yield compare(
                f"batch_{size}",
                f"postings of {size} lines",
                ours=_side(pool),
                baseline=copied.round,
                target=target,
                unit="lines/s",
                rounds=ROUNDS,
                baseline_is="COPY into the full movement table (indexes, checks, triggers)",
            )


@case("ingest")
def ingest(stage: Stage) -> Iterator[Measurement]:
    """A hundred thousand lines at once, through staging, against COPY into the same table."""
    floor = _shop_floor(stage)
    copied = baselines.CopyIntoMovements(stage, floor)
    with Pool("benchmarks.tasks.posting:batch", 1, run="ingest", size=INGESTED, **floor) as pool:
        yield compare(
            "ingest_100k",
            f"one posting of {INGESTED:,} lines",
            # One call takes longer than this: a round is a whole number of calls.
            ours=lambda: pool.run(0.1),
            baseline=copied.round,
            target=0.30,
            unit="lines/s",
            rounds=4,
            baseline_is="COPY into the full movement table (indexes, checks, triggers)",
            notes="on a quiet machine at least 30,000 movements/s",
        )


@case("http")
def http(stage: Stage) -> Iterator[Measurement]:
    """One posting a request over HTTP, 8 clients on the same cores; and a hundred lines."""
    prepare(stage)
    floor = _shop_floor(stage)
    copied = baselines.CopyIntoMovements(stage, floor)
    key = web.api_key()
    task = "benchmarks.tasks.web:posting"
    with web.served(stage) as port:
        with Pool(task, 8, run="h1", size=1, port=port, key=key, **floor) as pool:
            yield compare(
                "http_posting",
                "one posting over HTTP, 8 clients: key, validation, idempotency, event",
                ours=_side(pool),
                baseline=lambda: raw_posting(stage, clients=8, seconds=SECONDS),
                target=0.03,
                unit="postings/s",
                rounds=ROUNDS,
                baseline_is="pgbench: INSERT + UPDATE + COMMIT, durable, 8 clients",
                notes="stretch 0.06; InvenTree on a machine of this kind: 74 postings/s",
            )
        with Pool(task, 8, run="h100", size=100, port=port, key=key, **floor) as pool:
            yield compare(
                "http_posting_100",
                "a hundred lines a request over HTTP, 8 clients",
                ours=_side(pool),
                baseline=copied.round,
                target=0.12,
                unit="lines/s",
                rounds=ROUNDS,
                baseline_is="COPY into the full movement table (indexes, checks, triggers)",
            )
