"""Stock as of any instant, on both clocks, equals adding the rows up one by one."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lodestock.inventory import selectors, services
from lodestock.inventory.models import Movement
from lodestock.inventory.selectors.as_of import next_month
from lodestock.inventory.tests import factories as f
from lodestock.inventory.tests.history import MONTHS, brute_force, past_partitions, random_past
from lodestock.inventory.verification import verify
from lodestock.kernel.errors import TransientError


def found(as_of=None, **choice):
    rows = selectors.stock_as_of(as_of, **choice)
    return {(r.variant_id, r.location_id, r.lot_id, r.status, r.owner_id): r.on_hand for r in rows}


def compare_everywhere(seed):
    dice, now = random.Random(seed), datetime.now(UTC)
    for _ in range(25):
        true_at = now - timedelta(days=dice.uniform(0, 30 * MONTHS))
        known_at = now - timedelta(days=dice.uniform(0, 30 * MONTHS))
        assert found(true_at) == brute_force(lambda o, r, t=true_at: o <= t)
        assert found(known_at=known_at) == brute_force(lambda o, r, k=known_at: r <= k)
        assert found(true_at, known_at=known_at) == brute_force(
            lambda o, r, t=true_at, k=known_at: o <= t and r <= k
        )


@pytest.mark.parametrize("late_share", [0.05, 1.0], ids=["trickle", "all of it back-dated"])
def test_both_clocks_agree_with_brute_force(committing_db, late_share):
    with committing_db.connect_as_owner() as owner:
        past_partitions(owner)
        random_past(owner, count=150, late_share=late_share, seed=1)
        compare_everywhere(1)
        services.take_snapshots(until=datetime.now(UTC) - timedelta(days=150))
        compare_everywhere(2)
        services.take_snapshots()
        compare_everywhere(3)
        report = verify()
    assert not report.differences


def test_late_news_is_folded_into_the_corrections_of_the_boundaries_it_passed(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    now = datetime.now(UTC)
    f.receive(variant, dock, 10, occurred_at=now - timedelta(days=100))
    services.take_snapshots()
    f.receive(variant, dock, 5, occurred_at=now - timedelta(days=70))
    before = found(now - timedelta(days=20))
    services.take_snapshots()
    assert found(now - timedelta(days=20)) == before
    assert list(before.values()) == [Decimal(15)]
    assert list(found(now - timedelta(days=80)).values()) == [Decimal(10)]
    assert verify().ok


def test_news_older_than_all_boundaries_has_them_built_anew(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    now = datetime.now(UTC)
    f.receive(variant, dock, 10, occurred_at=now - timedelta(days=100))
    services.take_snapshots()
    f.receive(variant, dock, 5, occurred_at=now - timedelta(days=900))
    services.take_snapshots()
    assert list(found(now - timedelta(days=500)).values()) == [Decimal(5)]
    assert list(found(now - timedelta(days=50)).values()) == [Decimal(15)]
    assert verify().ok


def test_what_we_believed_does_not_know_what_came_later(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    between = datetime.now(UTC)
    f.receive(variant, dock, 5, occurred_at=between - timedelta(days=40))
    assert list(found(known_at=between).values()) == [Decimal(10)]
    assert list(found(between - timedelta(days=1)).values()) == [Decimal(5)]
    assert found(between - timedelta(days=1), known_at=between) == {}
    assert selectors.total_as_of(known_at=between) == (1, Decimal(10))


def test_one_variant_and_one_place_can_be_asked_for(committing_db):
    one, other, home = f.a_variant(), f.a_variant(), f.a_warehouse()
    here, there = f.a_bin(home), f.a_bin(home)
    for variant in (one, other):
        for place in (here, there):
            f.receive(variant, place, 3)
    rows = selectors.stock_as_of(datetime.now(UTC), variant_ids=[one.pk], location_ids=[here.pk])
    assert [(r.variant_id, r.location_id, r.on_hand) for r in rows] == [(one.pk, here.pk, 3)]


def test_nothing_is_recorded_before_the_seal(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    with committing_db.connect(autocommit=False) as old:
        old.execute("SELECT transaction_timestamp()")
        sealed = services.seal_past()
        old.execute("SELECT 1")
        recorded = old.execute(
            "SELECT recorded_at FROM ledger.post_v1(ROW(NULL, NULL, NULL, '{}')::ledger.context_v1,"
            " ARRAY[ROW('receive', 'old', '1', '', '', NULL)::ledger.header_v1],"
            " ARRAY[ROW(1, %s, 0, 1, %s, 0, 'available', 0, %s, 0, 'available', 0, NULL, '', '')"
            "::ledger.line_v1], '{}')",
            [variant.pk, f.virtual("supplier"), dock.pk],
        ).fetchone()[0]
        began = old.execute("SELECT transaction_timestamp()").fetchone()[0]
    assert began < sealed
    assert recorded == sealed


def test_sealing_waits_for_whoever_is_posting(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    with committing_db.connect(autocommit=False) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        with pytest.raises(TransientError, match="writing for longer"):
            services.seal_past(wait_seconds=0.2)
    services.seal_past(wait_seconds=5)
    f.receive(variant, dock, 1)


def test_sealing_inside_a_transaction_is_a_mistake(db):
    with pytest.raises(RuntimeError, match="outside"):
        services.seal_past()


def test_a_question_about_one_month_reads_one_partition(committing_db):
    with committing_db.connect_as_owner() as owner:
        past_partitions(owner)
    month = (datetime.now(UTC) - timedelta(days=45)).replace(day=1, hour=0, minute=0)
    query = Movement.objects.filter(recorded_at__gte=month, recorded_at__lt=next_month(month))
    tables = set(re.findall(r"inventory_movement_\d{4}_\d\d", query.explain()))
    assert tables == {f"inventory_movement_{month:%Y_%m}"}
