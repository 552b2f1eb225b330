"""Two and more real connections: first the race without the cure, then the cure."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import psycopg
from django.db import connections

from lodestock.inventory import errors, selectors, services
from lodestock.inventory.models import Balance, Movement
from lodestock.inventory.tests import factories as f
from lodestock.inventory.types import MovementLine, Place, PostingRequest, ReservationRequest
from lodestock.inventory.verification import verify

D = Decimal


def all_at_once(work: Callable[[int], Any], count: int, threads: int = 8) -> list[Any]:
    """``work(0) … work(count - 1)`` on several connections; results or the errors they raised."""

    def one(number: int) -> Any:
        try:
            return work(number)
        except Exception as error:  # noqa: BLE001 - the outcome is what the test looks at
            return error
        finally:
            if number >= count - threads:
                connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(count)))


def test_reading_and_then_writing_oversells(committing_db):
    """The race that the ledger is there to prevent, shown on a table without it."""
    with committing_db.connect_as_owner(autocommit=True) as owner:
        owner.execute("CREATE TABLE naive (on_hand int); INSERT INTO naive VALUES (1)")
    both_have_read = threading.Barrier(2)

    def sell(_: int) -> bool:
        with committing_db.connect_as_owner() as shop:
            on_hand = shop.execute("SELECT on_hand FROM naive").fetchone()[0]
            both_have_read.wait(timeout=10)
            if on_hand < 1:
                return False
            shop.execute("UPDATE naive SET on_hand = %s", [on_hand - 1])
            return True

    assert all_at_once(sell, 2, threads=2) == [True, True]


def test_the_last_piece_is_shipped_once(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 1)
    together = threading.Barrier(2)

    def ship(_: int) -> Any:
        together.wait(timeout=10)
        return f.ship(variant, dock, 1)

    outcomes = all_at_once(ship, 2, threads=2)
    assert sorted(type(o).__name__ for o in outcomes) == ["InsufficientStock", "PostingReceipt"]
    assert selectors.balance_at(variant.pk, dock.pk).on_hand == 0


def test_fifty_times_a_hundred_promises_of_one_never_exceed_a_thousand(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 1000)

    def promise(number: int) -> int:
        held = 0
        for turn in range(100):
            try:
                services.reserve_stock(
                    reference_type="order",
                    reference_id=f"{number}-{turn}",
                    line_key="1",
                    variant_id=variant.pk,
                    quantity=D(1),
                    location_ids=[dock.pk],
                )
                held += 1
            except errors.InsufficientStock:
                pass
        connections.close_all()
        return held

    assert sum(all_at_once(promise, 50, threads=10)) == 1000
    kept = Balance.objects.get(variant=variant)
    assert (kept.on_hand, kept.reserved) == (1000, 1000)
    assert verify().ok


def test_unsorted_updates_deadlock(committing_db):
    with committing_db.connect_as_owner(autocommit=True) as owner:
        owner.execute("CREATE TABLE naive (id int PRIMARY KEY, n int)")
        owner.execute("INSERT INTO naive VALUES (1, 0), (2, 0)")
    both_hold_one = threading.Barrier(2)

    def update(number: int) -> None:
        first, second = (1, 2) if number == 0 else (2, 1)
        with committing_db.connect_as_owner() as shop:
            shop.execute("UPDATE naive SET n = n + 1 WHERE id = %s", [first])
            both_hold_one.wait(timeout=10)
            shop.execute("UPDATE naive SET n = n + 1 WHERE id = %s", [second])

    outcomes = all_at_once(update, 2, threads=2)
    assert [type(o) for o in outcomes].count(psycopg.errors.DeadlockDetected) == 1


def test_a_hundred_posters_in_any_order_leave_levels_equal_to_sums_without_deadlock(committing_db):
    variants = [f.a_variant() for _ in range(6)]
    home = f.a_warehouse()
    places = [f.a_bin(home) for _ in range(3)]
    for variant in variants:
        for place in places:
            f.receive(variant, place, 1000)

    def post(number: int) -> Any:
        dice = random.Random(number)
        lines = []
        for variant in dice.sample(variants, 5):
            source, destination = dice.sample(places, 2)
            amount = D(dice.randint(1, 5))
            lines.append(MovementLine(variant.pk, amount, Place(source.pk), Place(destination.pk)))
        dice.shuffle(lines)
        return f.post("transfer", lines, reference=("race", str(number)))

    outcomes = all_at_once(post, 100, threads=12)
    assert {type(o).__name__ for o in outcomes} == {"PostingReceipt"}
    report = verify()
    assert not report.differences
    assert sum(b.on_hand for b in Balance.objects.all()) == 18_000


def test_rows_that_do_not_exist_yet_are_made_by_many_at_once(committing_db):
    variants = [f.a_variant() for _ in range(5)]
    home = f.a_warehouse()
    places = [f.a_bin(home) for _ in range(4)]
    supplier = Place(f.virtual("supplier"))

    def post(number: int) -> Any:
        dice = random.Random(number)
        pairs = [(v, p) for v in variants for p in places]
        lines = [MovementLine(v.pk, D(1), supplier, Place(p.pk)) for v, p in dice.sample(pairs, 8)]
        return f.post("receive", lines, reference=("new", str(number)))

    outcomes = all_at_once(post, 60, threads=12)
    assert {type(o).__name__ for o in outcomes} == {"PostingReceipt"}
    assert sum(b.on_hand for b in Balance.objects.all()) == 60 * 8


def test_promises_and_postings_over_the_same_lots_do_not_deadlock(committing_db):
    variants = [f.a_variant(tracking="lot") for _ in range(3)]
    dock = f.a_warehouse()
    for variant in variants:
        for number in range(4):
            lot = services.create_lot(variant_id=variant.pk, code=str(number))
            f.receive(variant, dock, 50, lot_id=lot.pk)

    def work(number: int) -> Any:
        dice = random.Random(number)
        if number % 2:
            requests = [
                ReservationRequest(
                    *("order", str(number), str(n), variant.pk, D(dice.randint(1, 60)), (dock.pk,)),
                    partial=True,
                )
                for n, variant in enumerate(dice.sample(variants, 3))
            ]
            results = services.reserve_many(requests)
            return services.release_many([result.reservation_id for result in results])
        rows = selectors.balances(variant_ids=[v.pk for v in variants])
        free = [row for row in rows if row.available >= 1]
        lines = [
            MovementLine(r.variant_id, D(1), Place(dock.pk), Place(dock.pk, 0, "hold"), r.lot_id)
            for r in dice.sample(free, min(4, len(free)))
        ]
        # The promises of the others may hold everything for a moment.
        return lines and f.post("transfer", lines, reference=("mix", str(number)))

    outcomes = all_at_once(work, 80, threads=10)
    wrong = [o for o in outcomes if isinstance(o, Exception)]
    assert all(isinstance(o, errors.InsufficientStock) for o in wrong)
    assert not verify().differences


def test_the_same_posting_from_many_sides_is_booked_once(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()

    def post(_: int) -> Any:
        return f.receive(variant, dock, 5, reference=("po", "once"))

    receipts = all_at_once(post, 16)
    assert [receipt.replayed for receipt in receipts].count(False) == 1
    assert len({receipt.posting_id for receipt in receipts}) == 1
    assert Movement.objects.count() == 1


def test_a_movement_is_reversed_once_however_many_try(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    receipt = f.receive(variant, dock, 5)
    f.receive(variant, dock, 50)

    def reverse(_: int) -> Any:
        return services.reverse_posting(receipt.posting_id, reason="wrong")

    outcomes = all_at_once(reverse, 8)
    assert sum(isinstance(o, errors.AlreadyReversed) for o in outcomes) == 7
    assert selectors.balance_at(variant.pk, dock.pk).on_hand == 50


def batch(variant: Any, dock: Any, keys: Sequence[str]) -> list[PostingRequest]:
    line = MovementLine(variant.pk, D(1), Place(f.virtual("supplier")), Place(dock.pk))
    return [PostingRequest("receive", "batch", key, [line]) for key in keys]


def test_overlapping_batches_in_opposite_order_do_not_deadlock(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    keys = [str(number) for number in range(40)]

    def post(number: int) -> Any:
        return services.post_many(batch(variant, dock, keys if number % 2 else keys[::-1]))

    outcomes = all_at_once(post, 8)
    assert not [o for o in outcomes if isinstance(o, Exception)]
    assert selectors.balance_at(variant.pk, dock.pk).on_hand == 40
