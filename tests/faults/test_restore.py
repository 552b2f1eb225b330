"""Dump, restore into a fresh server, post: subscribers go on, and the ledger is whole."""

from __future__ import annotations

from random import Random

import psycopg
import pytest
from tests.faults.program import answer
from tests.stress.company import VERBS, Company, found
from tests.stress.invariants import broken

from lodestock.eventstore import services as eventstore
from lodestock.eventstore.subscriptions import Subscription, after_commit_subscriptions
from lodestock.eventstore.subscriptions.delivery import deliver_all
from lodestock.eventstore.testing import deliver_everything

pytestmark = [pytest.mark.owns_server, pytest.mark.timeout(600)]


BURN = "DO $$ BEGIN FOR i IN 1..30000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"


def transaction_number(connection) -> int:
    return int(connection.execute("SELECT pg_current_xact_id()::text").fetchone()[0])


def deliver() -> None:
    for subscriber in after_commit_subscriptions():
        deliver_all(subscriber)


def test_after_a_restore_into_a_fresh_server_subscribers_go_on(
    doomed_server, fresh_server, pointing, settings, tmp_path
):
    heard: list[int] = []
    settings.EVENT_SUBSCRIPTIONS = (
        Subscription("listener", frozenset({"StockMoved"}), lambda e: heard.append(e.aggregate_id)),
    )
    source = doomed_server.database()
    pointing(source)
    with psycopg.connect(**source, autocommit=True) as old:
        # The old server's transaction numbers lie far above those of a fresh one.
        old.execute("SET synchronous_commit = off")
        old.execute(BURN)
        number_then = transaction_number(old)
    company = Company(found(), Random(7))
    for _ in range(15):
        company.do("receive")
    for verb in VERBS:
        company.do(verb)
    deliver_everything()
    before = set(heard)
    assert len(before) == len(heard) > 10

    # Three more are in the log but not yet heard, when the backup is made.
    for _ in range(3):
        company.do("receive")
    waiting = {done.receipt.posting_id for done in company.done[-3:]}
    home, folder = tmp_path / "home", tmp_path / "backup"
    assert answer("backup", str(folder), url=doomed_server.url(source), home=home)["ok"]
    target = fresh_server.empty_database()
    url = fresh_server.url(target)
    restored = answer("restore", str(folder), url=url, home=tmp_path / "fresh")
    assert restored["ok"], restored
    assert answer("verify_ledger", url=url, home=tmp_path / "fresh")["ok"]

    with psycopg.connect(**target, autocommit=True) as new:
        assert transaction_number(new) < number_then
    pointing(target)
    assert broken(company.on_hand) == []
    for _ in range(5):
        company.do("receive")
    company.do("repeat")
    fresh = {done.receipt.posting_id for done in company.done[-5:]}
    eventstore.sequence_all()
    deliver()
    assert set(heard) - before == waiting | fresh
    assert len(heard) == len(set(heard))
    assert broken(company.on_hand) == []
