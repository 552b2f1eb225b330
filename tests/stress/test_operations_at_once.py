"""The same random operations by many hands at once, each on a connection of its own."""

from __future__ import annotations

import os
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from random import Random

import pytest
from django.db import connection, connections
from tests.stress.company import VERBS, Company, Premises, found
from tests.stress.invariants import broken

LONG = os.environ.get("LODESTOCK_SCALE", "test") != "test"
HANDS, STEPS, SEEDS = (8, 400, range(6)) if LONG else (4, 60, range(1))

pytestmark = pytest.mark.timeout(3600 if LONG else 240)


def work(premises: Premises, seed: int) -> Company:
    """One hand's day. A deadlock, or any error but a refusal, ends the test."""
    company = Company(premises, Random(seed))
    try:
        for _ in range(STEPS):
            company.do(company.chance.choice(VERBS))
    finally:
        connections.close_all()
    return company


@pytest.mark.parametrize("seed", SEEDS)
def test_many_hands_at_once_keep_every_invariant(committing_db, seed):
    premises = found()
    first = Company(premises, Random(seed))
    for _ in range(20):
        first.do("receive")
    with ThreadPoolExecutor(HANDS) as pool:
        hands = list(pool.map(lambda n: work(premises, seed * 1000 + n), range(HANDS)))
    on_hand: dict[int, Decimal] = defaultdict(Decimal)
    for company in [first, *hands]:
        for variant, quantity in company.on_hand.items():
            on_hand[variant] += quantity
    assert broken(on_hand) == []
    assert sum(sum(company.accepted.values()) for company in hands) > HANDS * STEPS / 3


def test_a_deliberate_mistake_of_one_piece_is_found(committing_db):
    """The judge is judged: a balance changed behind the ledger's back, by one."""
    company = Company(found(), Random(1))
    for _ in range(20):
        company.do("receive")
    assert broken(company.on_hand) == []
    with committing_db.connect_as_owner(autocommit=True) as owner:
        owner.execute(
            "UPDATE inventory_balance SET on_hand = on_hand + 1 WHERE id = ("
            " SELECT min(id) FROM inventory_balance WHERE on_hand > 0)"
        )
    connection.close()
    said = "\n".join(broken(company.on_hand))
    assert "balances" in said
    assert "I5 a kept balance is not the sum of its movements" in said
    assert "I1 variant" in said
