"""Dump, restore into a fresh server, post: subscribers go on where they were."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from lodestock.config.embedded.binaries import find_binaries
from lodestock.config.embedded.server import EmbeddedServer
from lodestock.eventstore import selectors, services
from lodestock.eventstore.models import SequencerState
from lodestock.eventstore.subscriptions import Subscription
from lodestock.eventstore.subscriptions.delivery import deliver_all
from lodestock.eventstore.tests.support import record, until

pytestmark = pytest.mark.owns_server

COLUMN_OPTION = re.compile(r"ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(")


@pytest.fixture
def fresh_server(tmp_path_factory):
    """A server that has never seen the events: its transaction numbers start anew."""
    server = EmbeddedServer.at(tmp_path_factory.mktemp("fresh"), durable=False)
    server.start()
    yield server
    server.leave()


def dump_and_restore(source: dict, server: EmbeddedServer, dump: Path) -> dict:
    tools = find_binaries()
    target = server.conninfo("owner") | {"dbname": "restored"}
    with psycopg.connect(**server.conninfo("admin"), autocommit=True) as admin:
        admin.execute("CREATE DATABASE restored OWNER lodestock_owner TEMPLATE template0")
    given = psycopg.conninfo.make_conninfo(**source)
    command = [tools / "pg_dump", f"--dbname={given}", "--inserts", "--no-owner"]
    script = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # We set no column options; some servers stamp columns with their own, which others refuse.
    # And the login that owned the old database need not exist in the new server.
    rights = re.compile(rf"(GRANT|REVOKE|ALTER DEFAULT).*\b{source.get('user', '')}\b")
    unfit = (COLUMN_OPTION, rights, re.compile(r"\\"))
    lines = [line for line in script.splitlines() if not any(p.match(line) for p in unfit)]
    dump.write_text("\n".join(lines))
    with psycopg.connect(**target) as restored:
        restored.execute(dump.read_bytes())
    return target


def move_to(conninfo: dict) -> None:
    connections.close_all()
    settings = connections.settings["default"]
    settings.update(
        NAME=conninfo["dbname"],
        USER=conninfo.get("user", ""),
        HOST=str(conninfo.get("host", "")),
        PORT=str(conninfo.get("port", "")),
    )


def test_subscribers_go_on_in_a_server_with_younger_transaction_numbers(
    committing_db, subscribers, fresh_server, tmp_path
):
    heard: list[str] = []
    (ear,) = subscribers(
        Subscription("ear", frozenset(), lambda event: heard.append(event.payload["name"]))
    )
    record(name="heard before")
    until(services.sequence_all)
    deliver_all(ear)
    record(name="placed, not heard")
    until(services.sequence_all)
    record(name="not even placed")
    with committing_db.connect_as_owner() as old:
        old_number = old.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()[0]

    before = dict(connections.settings["default"])
    try:
        move_to(dump_and_restore(committing_db.owner, fresh_server, tmp_path / "dump"))
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            assert cursor.fetchone()[0] < old_number, "this server is not younger: proves nothing"
        record(name="posted after the restore")
        assert services.sequence().count == 2, "noticed by itself that the server is another one"
        deliver_all(ear)
        assert heard == [
            "heard before",
            "placed, not heard",
            "not even placed",
            "posted after the restore",
        ]
        record(name="and on")
        assert until(services.sequence_all) == 1
        deliver_all(ear)
        assert heard[-1] == "and on"
        assert selectors.last_position() == 5
        assert SequencerState.objects.get().fence_id == 4
    finally:
        connections.close_all()
        connections.settings["default"].update(before)


def test_without_the_fence_restored_events_would_wait_for_ever(committing_db, no_subscribers):
    """What the fence is for: a number above this server's horizon is never placed."""
    with committing_db.connect_as_owner(autocommit=True) as owner:
        owner.execute(
            "INSERT INTO eventstore_event"
            " (aggregate_type, aggregate_id, seq, event_type, payload, txid)"
            " VALUES ('T', 1, 1, 'OrderCancelled', '{}', '999999999999')"
        )
    assert services.sequence_all() == 0
    assert selectors.horizon().unplaced == 1
    assert services.after_restore().count == 1
    assert selectors.horizon().unplaced == 0
    record()
    assert until(services.sequence_all) == 1


def test_after_restore_is_harmless_when_it_is_not_needed(committing_db, no_subscribers):
    record()
    services.after_restore()
    services.after_restore()
    record()
    assert until(services.sequence_all) == 1
    assert selectors.last_position() == 2
