"""A past for tests: postings are made now, then their instants are moved, as only an owner can."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from lodestock.inventory.services import post_many
from lodestock.inventory.tests import factories as f
from lodestock.inventory.types import MovementLine, Place, PostingRequest

MONTHS = 14

_MOVE_POSTING = "UPDATE inventory_posting SET recorded_at = %s, occurred_at = %s WHERE id = %s"
_MOVE_LINES = """
UPDATE inventory_movement SET recorded_at = %s, occurred_at = %s,
    late = %s < date_trunc('month', %s::timestamptz, 'UTC')
WHERE posting_id = %s
"""


@contextmanager
def unguarded(owner: Any, *tables: str) -> Iterator[None]:
    """Switch the guards of tables off, as only their owner can, and on again."""
    for table in tables:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def past_partitions(owner: Any, months: int = MONTHS + 1) -> None:
    """Month tables for the past, which a running program never needs."""
    for back in range(1, months + 1):
        owner.execute(
            "SELECT ledger.create_partition(m, date_trunc('month', m + interval '45 days', 'UTC'))"
            " FROM (SELECT date_trunc('month', now(), 'UTC')"
            " - make_interval(months => %s) AS m) x",
            [back],
        )


def rewrite(owner: Any, instants: dict[int, tuple[datetime, datetime]]) -> None:
    """Give postings other instants: ``{posting: (recorded_at, occurred_at)}``."""
    with unguarded(owner, "inventory_posting", "inventory_movement"):
        for posting, (recorded, occurred) in instants.items():
            owner.execute(_MOVE_POSTING, [recorded, occurred, posting])
            owner.execute(_MOVE_LINES, [recorded, occurred, occurred, recorded, posting])
    owner.execute(
        "INSERT INTO inventory_backdating (recorded_month, occurred_month)"
        " SELECT DISTINCT date_trunc('month', recorded_at, 'UTC')::date,"
        " date_trunc('month', occurred_at, 'UTC')::date FROM inventory_movement WHERE late"
    )
    owner.commit()


def random_past(owner: Any, *, count: int, late_share: float, seed: int) -> list[int]:
    """``count`` small receipts and transfers spread over the last months; answers the postings."""
    dice = random.Random(seed)
    variants = [f.a_variant() for _ in range(4)]
    home = f.a_warehouse()
    places = [f.a_bin(home) for _ in range(3)]
    supplier = Place(f.virtual("supplier"))
    requests = []
    for number in range(count):
        variant, place = dice.choice(variants), dice.choice(places)
        line = MovementLine(variant.pk, Decimal(dice.randint(1, 9)), supplier, Place(place.pk))
        requests.append(PostingRequest("receive", "past", f"{seed}-{number}", [line]))
        if number % 3 == 0:
            there = dice.choice([p for p in places if p != place])
            move = MovementLine(variant.pk, Decimal(1), Place(place.pk), Place(there.pk))
            requests.append(PostingRequest("transfer", "past", f"{seed}-{number}t", [move]))
    receipts = post_many(requests)
    now = datetime.now(UTC)
    instants = {}
    for receipt in receipts:
        recorded = now - timedelta(days=dice.uniform(0.1, 30 * (MONTHS - 1)))
        late = dice.random() < late_share
        behind = dice.uniform(0, 200) if late else dice.uniform(0, 0.01)
        instants[receipt.posting_id] = (recorded, recorded - timedelta(days=behind))
    rewrite(owner, instants)
    return list(instants)


def brute_force(
    keep: Callable[[datetime, datetime], bool],
) -> dict[tuple[int, int, int, str, int], Decimal]:
    """The stock that rows with ``keep(occurred_at, recorded_at)`` add up to, one by one."""
    totals: dict[tuple[int, int, int, str, int], Decimal] = defaultdict(Decimal)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT variant_id, location_id, lot_id, status, owner_id, quantity, occurred_at,"
            " recorded_at FROM inventory_side"
            " WHERE location_id IN (SELECT id FROM inventory_place WHERE keeps_stock)"
        )
        for *key, quantity, occurred, recorded in cursor.fetchall():
            if keep(occurred, recorded):
                totals[tuple(key)] += quantity
    return {key: total for key, total in totals.items() if total}
