"""The program may not write the ledger; nobody may change it."""

from __future__ import annotations

from decimal import Decimal

import psycopg
import pytest

from lodestock.inventory.models import Movement, Posting
from lodestock.inventory.tests import factories as f
from lodestock.kernel.errors import Conflict

TABLES = (
    "inventory_posting",
    "inventory_movement",
    "inventory_reversal",
    "inventory_balance",
    "inventory_hucontent",
    "inventory_reservation",
    "inventory_reservationline",
    "inventory_snapshot",
    "inventory_snapshotrow",
    "inventory_ledgerstate",
    "inventory_movementpartition",
    "inventory_backdating",
)
WRITES = (
    "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TABLE {table} CASCADE",
)


def a_column(connection, table):
    return connection.execute(f"SELECT * FROM {table} LIMIT 0").description[0].name


@pytest.fixture
def story(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    return committing_db


@pytest.mark.parametrize("table", TABLES)
def test_the_program_s_role_may_read_and_not_write(story, table):
    with story.connect(autocommit=True) as program:
        column = a_column(program, table)
        for write in WRITES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                program.execute(write.format(table=table, column=column))


def test_the_program_cannot_reach_a_partition_behind_its_parent(story):
    with story.connect(autocommit=True) as program:
        partition = program.execute("SELECT max(name) FROM inventory_movementpartition").fetchone()[
            0
        ]
        for write in ("SELECT * FROM {}", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                program.execute(write.format(partition))


def test_the_program_may_call_the_front_doors_and_no_helper(story):
    with story.connect(autocommit=True) as program:
        for helper in (
            "ledger.shift_v1(1, 1, 0, 'available', 0, 5)",
            "ledger.open_balance_v1(1, 1, 0, 'available', 0)",
            "ledger.create_partition(now(), now())",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                program.execute(f"SELECT {helper}")
        open_to_readers = functions(
            program, "has_function_privilege('lodestock_read', p.oid, 'EXECUTE')"
        )
        assert open_to_readers == []


def functions(connection, condition):
    return connection.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE n.nspname = 'ledger' AND {condition}"
    ).fetchall()


def test_every_front_door_has_its_search_path_pinned(story):
    pinned = "coalesce(array_to_string(p.proconfig, ','), '') LIKE 'search_path=%'"
    with story.connect(autocommit=True) as program:
        assert len(functions(program, "p.prosecdef")) > 10
        assert functions(program, f"p.prosecdef AND NOT {pinned}") == []


@pytest.mark.parametrize("table", ["inventory_posting", "inventory_movement"])
def test_not_even_the_owner_changes_what_is_written(story, table):
    with story.connect_as_owner(autocommit=True) as owner:
        for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                owner.execute(change)
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            owner.execute(f"TRUNCATE {table} CASCADE")


def test_every_partition_refuses_change_and_truncation_by_itself(story):
    with story.connect_as_owner(autocommit=True) as owner:
        names = [row[0] for row in owner.execute("SELECT name FROM inventory_movementpartition")]
        assert len(names) == 13
        for name in names:
            with pytest.raises(psycopg.errors.RestrictViolation):
                owner.execute(f"TRUNCATE {name}")
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(f"DELETE FROM {names[0]}")


@pytest.mark.django_db
def test_the_orm_refuses_before_the_database_does():
    variant, dock = f.a_variant(), f.a_warehouse()
    receipt = f.receive(variant, dock, 10)
    posting = Posting.objects.get(pk=receipt.posting_id)
    for attempt in (
        posting.save,
        posting.delete,
        Movement.objects.all().delete,
        lambda: Movement.objects.update(quantity=1),
    ):
        with pytest.raises(Conflict, match="never changed"):
            attempt()


def test_the_program_cannot_move_a_unit_by_editing_it(story):
    dock = f.a_warehouse()
    with story.connect(autocommit=True) as program:
        program.execute(
            "INSERT INTO inventory_handlingunit (uuid, kind, serial, divisible, location_id)"
            " VALUES (gen_random_uuid(), 'pallet', '', false, %s)",
            [dock.pk],
        )
        with pytest.raises(psycopg.errors.RestrictViolation, match="moved by posting"):
            program.execute("UPDATE inventory_handlingunit SET location_id = location_id + 1")


def test_a_missing_month_is_said_and_made(story):
    with story.connect_as_owner(autocommit=True) as owner:
        name = owner.execute("SELECT max(name) FROM inventory_movementpartition").fetchone()[0]
        owner.execute(f"ALTER TABLE inventory_movement DETACH PARTITION {name}")
        owner.execute(f"DROP TABLE {name}")
        owner.execute("DELETE FROM inventory_movementpartition WHERE name = %s", [name])
    with story.connect(autocommit=True) as program:
        made = program.execute("SELECT ledger.ensure_partitions_v1(12)").fetchall()
        assert made == [(name,)]
        assert program.execute("SELECT ledger.ensure_partitions_v1(12)").fetchall() == []


def test_the_reader_sees_the_classic_views_and_nothing_else(story):
    with story.connect(role="lodestock_read", autocommit=True) as reader:
        rows = reader.execute(
            "SELECT transaction_type, quantity FROM reporting.inventory_transactions ORDER BY id"
        ).fetchall()
        assert rows == [("receive", Decimal(-10)), ("receive", Decimal(10))]
        levels = reader.execute(
            "SELECT quantity_on_hand FROM reporting.inventory_levels"
        ).fetchall()
        assert levels == [(Decimal(10),)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("SELECT * FROM inventory_movement")


@pytest.mark.django_db
def test_the_sql_of_the_brief_gives_the_number_of_the_api(as_owner):
    from django.db import connection

    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 100)
    f.ship(variant, dock, 25)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT SUM(quantity) FROM reporting.inventory_transactions"
            " WHERE product_variant_id = %s AND location_id = %s",
            [variant.pk, dock.pk],
        )
        assert cursor.fetchone()[0] == 75
        cursor.execute("SELECT * FROM reporting.inventory_transactions LIMIT 0")
        assert [column.name for column in cursor.description] == [
            *("id", "product_variant_id", "location_id", "transaction_type", "quantity"),
            *("reference_type", "reference_id", "created_at", "created_by"),
        ]
