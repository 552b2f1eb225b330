"""Every change of every record is remembered, on whatever path it came (requirement C-05)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection
from django.db.transaction import set_rollback
from tests.api.resources import MODEL_FACTORIES

from lodestock.accounts.tests.factories import a_user
from lodestock.kernel import ids
from lodestock.kernel.context import acting
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Forbidden, InvalidInput
from lodestock.kernel.models import History, Record
from lodestock.organisation.models import Calendar, Uom

RECORDS = sorted(
    (m for m in apps.get_models() if issubclass(m, Record) and not m._meta.proxy),
    key=lambda model: model._meta.label,
)
every_record = pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)


def a_row(model: type[Record]) -> Record:
    """A row of the model: the stocked database has one of everything that has a list."""
    make = MODEL_FACTORIES.get(model._meta.label_lower)
    if make is not None:
        make(1)
    row = model.objects.order_by("-pk").first()
    assert row is not None, f"no factory of any room makes a {model._meta.label}"
    return row


def by_save(row: Record) -> None:
    row.active = False
    row.save()


def by_deactivate(row: Record) -> None:
    row.deactivate()


def by_delete(row: Record) -> None:
    row.delete()


def by_queryset_update(row: Record) -> None:
    type(row).objects.filter(pk=row.pk).update(active=False)


def by_queryset_delete(row: Record) -> None:
    type(row).objects.filter(pk=row.pk).delete()


def by_bulk_update(row: Record) -> None:
    row.active = False
    type(row).objects.bulk_update([row], ["active"])


def by_raw_sql(row: Record) -> None:
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET active = false WHERE id = %s", [row.pk])


PATHS = [
    by_save,
    by_deactivate,
    by_delete,
    by_queryset_update,
    by_queryset_delete,
    by_bulk_update,
    by_raw_sql,
]


@pytest.fixture
def anna(stocked) -> int:
    return a_user("anna").pk


@every_record
def test_a_new_record_has_one_entry_that_says_it_was_created(anna, model):
    row = a_row(model)
    assert [entry.operation for entry in row.history()].count("create") == 1


@every_record
def test_every_way_to_change_a_record_adds_one_entry_with_who_and_why(anna, model):
    row = a_row(model)
    for change in PATHS:
        type(row).objects.filter(pk=row.pk).update(active=True)
        row.refresh_from_db()
        before = row.history().count()
        with acting(actor_id=anna, reason=change.__name__), transaction():
            change(row)
        entries = row.history()
        assert entries.count() == before + 1, change.__name__
        newest = entries.first()
        assert newest.changes["active"] == [True, False]
        assert (newest.operation, newest.actor_id, newest.reason) == (
            "update",
            anna,
            change.__name__,
        )


@every_record
def test_a_record_cannot_be_removed_by_the_way(anna, model):
    row = a_row(model)
    table = connection.ops.quote_name(model._meta.db_table)

    with pytest.raises(DatabaseError), transaction(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row.pk])
    assert model.objects.filter(pk=row.pk).exists()


def test_rows_made_in_bulk_each_have_an_entry(anna):
    with acting(actor_id=anna, reason="opening"), transaction():
        Calendar.objects.bulk_create([Calendar(code=f"B{n}", name="x") for n in range(50)])
    made = Calendar.objects.filter(code__startswith="B")
    entries = History.objects.filter(
        table_name=Calendar._meta.db_table, record_id__in=made.values("pk")
    )
    assert entries.count() == made.count() == 50
    assert {(e.operation, e.actor_id, e.reason) for e in entries} == {("create", anna, "opening")}
    assert all(entry.pairs["name"] == (None, "x") for entry in entries)


def test_rows_changed_in_bulk_each_have_an_entry(anna):
    Uom.objects.filter(dimension="mass").update(decimal_places=3)
    entries = History.objects.filter(table_name=Uom._meta.db_table, operation="update")
    assert entries.count() == Uom.objects.filter(dimension="mass").count()
    assert all(set(entry.changes) == {"decimal_places"} for entry in entries)


def test_rows_made_by_raw_sql_have_an_entry(anna):
    with acting(actor_id=anna, reason="by hand"), transaction(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisation_calendar (code, name, weekdays) VALUES ('SQL', 'x', '{1}')"
        )
    entry = Calendar.objects.get(code="SQL").history().get()
    assert (entry.operation, entry.actor_id, entry.reason) == ("create", anna, "by hand")


def test_a_change_that_changes_nothing_leaves_no_entry(anna):
    Calendar.objects.create(code="SAME", name="x")
    row = Calendar.objects.get(code="SAME")
    row.save()
    Calendar.objects.filter(pk=row.pk).update(name="x")
    assert row.history().count() == 1


def test_what_is_rolled_back_leaves_no_entry(anna):
    row = Calendar.objects.create(code="GONE", name="x")
    with transaction():
        Calendar.objects.filter(pk=row.pk).update(name="y")
        set_rollback(True)
    assert row.history().count() == 1


def test_a_superuser_with_a_reason_removes_a_record_and_the_history_stays(anna):
    row = Calendar.objects.create(code="HARD", name="x")
    key, table = row.pk, row._meta.db_table
    with pytest.raises(Forbidden):
        row.hard_delete(superuser=False, reason="tidy")
    with pytest.raises(InvalidInput):
        row.hard_delete(superuser=True, reason=" ")
    with acting(actor_id=anna):
        row.hard_delete(superuser=True, reason="entered twice")
    last = History.objects.filter(table_name=table, record_id=key).latest("id")
    assert (last.operation, last.reason, last.actor_id) == ("delete", "entered twice", anna)
    assert last.pairs["code"] == ("HARD", None)
    assert not Calendar.objects.filter(pk=key).exists()


def test_a_removal_does_not_open_the_door_for_the_next(anna):
    row = Calendar.objects.create(code="ONE", name="x")
    other = Calendar.objects.create(code="TWO", name="x")
    row.hard_delete(superuser=True, reason="entered twice")

    with pytest.raises(DatabaseError), transaction(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM organisation_calendar WHERE id = %s", [other.pk])


@every_record
def test_a_public_id_leads_back_to_its_row_and_looks_like_no_number(model):
    for key in (1, 2, 1000, 2**40):
        sqid = ids.encode(model._meta.label_lower, key)
        assert ids.decode(model._meta.label_lower, sqid) == key
        assert len(sqid) >= 6
        assert not sqid.isdigit()
