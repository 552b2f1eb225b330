"""verify_ledger finds and names what somebody changed behind the ledger's back."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from lodestock.inventory import selectors, services
from lodestock.inventory.tests import factories as f
from lodestock.inventory.tests.history import unguarded
from lodestock.inventory.types import MovementLine, Place
from lodestock.inventory.verification import verify

D = Decimal


def a_small_story():
    """Receipts, a pallet, a promise, a shipment, a reversal."""
    variant, dock = f.a_variant("BX-204"), f.a_warehouse("DOCK-1")
    f.receive(variant, dock, 100)
    f.ship(variant, dock, 25)
    pallet = services.create_handling_unit(kind="pallet", location_id=dock.pk)
    f.post("transfer", [MovementLine(variant.pk, D(10), Place(dock.pk), Place(dock.pk, pallet.pk))])
    services.reserve_stock(
        reference_type="sales_order",
        reference_id="SO-1",
        line_key="1",
        variant_id=variant.pk,
        quantity=D(5),
        location_ids=[dock.pk],
    )
    receipt = f.receive(variant, dock, 1)
    services.reverse_posting(receipt.posting_id, reason="wrong")
    return variant, dock


_FIRST_EVENT = "SELECT min(id) FROM eventstore_event WHERE event_type = 'StockMoved'"
_FIRST_LINE = "SELECT min(id) FROM inventory_movement"

#: What an intruder with the owner's rights does to a table; the check named so must notice.
TAMPERING = {
    "balances": ("inventory_balance", "SET on_hand = on_hand + 1"),
    "conservation": ("inventory_balance", "SET on_hand = on_hand + 1"),
    "reserved": ("inventory_balance", "SET reserved = reserved - 1"),
    "in_units": ("inventory_balance", "SET in_units = in_units - 1"),
    "bounds": ("inventory_balance", "SET on_hand = 2"),
    "closed": ("locations_location", "SET status = 'closed' WHERE code = 'DOCK-1'"),
    "contents": ("inventory_hucontent", "SET quantity = quantity + 1"),
    "reservations": ("inventory_reservation", "SET shortage = 3"),
    "digests": ("inventory_movement", "SET quantity = 24 WHERE quantity = 25"),
    "headers": ("inventory_movement", "SET kind = 'return' WHERE kind = 'ship'"),
    "lots": ("inventory_movement", "SET lot_id = 99 WHERE kind = 'ship'"),
    "events": ("eventstore_event", f"SET payload = '{{}}' WHERE id = ({_FIRST_EVENT})"),
    "reversals": ("inventory_reversal", f"SET movement_id = ({_FIRST_LINE})"),
    "roll_up": ("locations_location", "SET path = 'ELSEWHERE/X' WHERE kind = 'zone'"),
    "snapshots": ("inventory_snapshotrow", "SET quantity = quantity + 1"),
}


def test_an_untouched_ledger_is_clean_by_every_check(committing_db):
    a_small_story()
    report = verify()
    assert report.ok
    assert set(report.checks) == {*TAMPERING, "partitions"}
    assert (report.movements, report.balances) == (5, 1)


@pytest.mark.parametrize("check", sorted(TAMPERING))
def test_tampering_is_found(committing_db, check):
    variant, dock = a_small_story()
    if check == "roll_up":
        f.receive(variant, f.a_bin(dock), 3)
    if check == "snapshots":
        an_old_snapshot(committing_db)
    table, change = TAMPERING[check]
    with committing_db.connect_as_owner(autocommit=True) as intruder:
        if check == "bounds":
            intruder.execute(f"ALTER TABLE {table} DROP CONSTRAINT inventory_balance_sound")
        with unguarded(intruder, table):
            intruder.execute(f"UPDATE {table} {change}")
    report = verify()
    assert report.checks[check] > 0


def test_a_guard_that_was_switched_off_is_found(committing_db):
    with committing_db.connect_as_owner(autocommit=True) as intruder:
        intruder.execute("ALTER TABLE inventory_movement DISABLE TRIGGER append_only")
    found = [d.subject for d in verify().differences if d.check == "partitions"]
    assert "inventory_movement" in found
    assert len(found) == 14


def an_old_snapshot(committing_db):
    with committing_db.connect_as_owner(autocommit=True) as owner:
        owner.execute(
            "INSERT INTO inventory_snapshot (axis, boundary, built_through, built_at, row_count)"
            " VALUES ('recorded', '2020-01-01', '2020-01-01', now(), 1)"
        )
        owner.execute(
            "INSERT INTO inventory_snapshotrow SELECT s.id, b.variant_id, b.location_id, 0, 0,"
            " 'available', 1 FROM inventory_snapshot s, inventory_balance b"
        )


def test_the_corrupted_row_is_named(committing_db):
    a_small_story()
    with committing_db.connect_as_owner(autocommit=True) as intruder:
        intruder.execute("UPDATE inventory_balance SET on_hand = on_hand + 7")
    found = [d for d in verify().differences if d.check == "balances"]
    assert [(d.subject, d.expected, d.found) for d in found] == [
        ("BX-204 at DOCK-1", "75.000000", "82.000000")
    ]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["ok"] is False
    assert told["differences"][0]["subject"] == "BX-204 at DOCK-1"


def test_the_incremental_check_finds_a_wrong_balance_too(committing_db):
    variant, dock = a_small_story()
    services.take_snapshots()
    f.receive(variant, dock, 3)
    assert verify(incremental=True).ok
    with committing_db.connect_as_owner(autocommit=True) as intruder:
        intruder.execute("UPDATE inventory_balance SET on_hand = on_hand + 7")
    assert verify(incremental=True).checks["balances_incremental"] == 1


def test_balances_are_rebuilt_from_the_ledger_to_equality(committing_db):
    variant, dock = a_small_story()
    with committing_db.connect_as_owner(autocommit=True) as intruder:
        intruder.execute("UPDATE inventory_balance SET on_hand = 999, reserved = 1, in_units = 2")
    assert services.rebuild_balances() == 1
    assert verify().ok
    assert selectors.balance_at(variant.pk, dock.pk).on_hand == 75


def test_a_lost_balance_row_is_made_again(committing_db):
    a_small_story()
    with committing_db.connect_as_owner(autocommit=True) as intruder:
        intruder.execute("DELETE FROM inventory_balance")
    assert not verify().ok
    services.rebuild_balances()
    assert verify().ok


@pytest.mark.django_db
def test_a_balance_is_explained_by_the_postings_that_add_up_to_it():
    variant, dock = a_small_story()
    explanation = selectors.explain_balance(variant.pk, dock.pk)
    assert explanation.ok
    quantities = [step.quantity for step in explanation.steps]
    assert quantities == [100, -25, -10, 10, 1, -1]
    assert explanation.steps[-1].balance == 75
    out = StringIO()
    call_command("explain_balance", "BX-204", "DOCK-1", stdout=out)
    assert "on hand 75.000000, reserved 5.000000" in out.getvalue()


@pytest.mark.django_db
def test_the_commands_of_upkeep_say_what_they_did():
    for command, expected in (
        ("ensure_partitions", '"months_ahead": 12'),
        ("rebuild_balances", '"changed": 0'),
        ("verify_ledger", '"ok": true'),
    ):
        out = StringIO()
        call_command(command, "--json", stdout=out)
        assert expected in out.getvalue()
