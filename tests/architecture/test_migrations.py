"""No migration after the first schema stops a running site."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from tests.architecture.migration_linter import complaints

from lodestock.config.database import django_database
from lodestock.config.env import read_env
from lodestock.config.settings.parts.apps import ROOMS

# The migrations that made the first schema, on which nobody's site runs yet.
BIRTH = Path(__file__).with_name("birth_migrations.txt")


def ours() -> dict[str, Migration]:
    loader = MigrationLoader(None)
    return {
        f"{app}.{name}": migration
        for (app, name), migration in loader.disk_migrations.items()
        if app in ROOMS
    }


def test_no_migration_after_the_first_schema_stops_a_running_site():
    born = set(BIRTH.read_text().split())
    found = {
        name: list(complaints(migration)) for name, migration in ours().items() if name not in born
    }
    assert not {name: said for name, said in found.items() if said}, (
        "Rewrite them as the linter says. Before the first release only, they may join"
        f" {BIRTH.name}: pytest tests/architecture/test_migrations.py --write-birth-migrations"
    )


def test_the_list_of_birth_migrations_names_existing_ones():
    assert set(BIRTH.read_text().split()) <= set(ours())


def made(*found, **attributes) -> Migration:
    kind = type("Migration", (Migration,), {"operations": list(found), **attributes})
    return kind("0009_made", "catalog")


INDEX = models.Index(fields=["name"], name="by_name")

STOPPING = {
    "an index under a lock": [operations.AddIndex("product", INDEX)],
    "a removed column": [operations.RemoveField("product", "name")],
    "a renamed column": [operations.RenameField("product", "name", "title")],
    "a dropped table": [operations.DeleteModel("product")],
    "another type": [operations.AlterField("product", "name", models.TextField())],
    "a column nobody fills": [operations.AddField("product", "note", models.TextField())],
    "a unique column": [
        operations.AddField("product", "note", models.TextField(null=True, unique=True))
    ],
    "a checked constraint": [
        operations.AddConstraint(
            "product", models.CheckConstraint(condition=models.Q(id__gt=0), name="positive")
        )
    ],
    "an index in SQL": [operations.RunSQL("CREATE INDEX a ON catalog_product (name)")],
    "a constraint in SQL": [
        operations.RunSQL("ALTER TABLE catalog_product ADD CONSTRAINT a CHECK (id > 0)")
    ],
    "a type in SQL": [operations.RunSQL(["ALTER TABLE t ALTER COLUMN a TYPE bigint"])],
    "not null in SQL": [operations.RunSQL([("ALTER TABLE t ALTER COLUMN a SET NOT NULL", None)])],
}

HARMLESS = {
    "a new table with its index": [
        operations.CreateModel("Novelty", [("id", models.BigAutoField(primary_key=True))]),
        operations.AddIndex("novelty", INDEX),
    ],
    "a nullable column": [operations.AddField("product", "note", models.TextField(null=True))],
    "a column with a default": [
        operations.AddField("product", "note", models.TextField(db_default=""))
    ],
    "a constraint to be validated later": [
        operations.RunSQL("ALTER TABLE t ADD CONSTRAINT a CHECK (id > 0) NOT VALID")
    ],
    "an index beside the running site": [
        operations.RunSQL("CREATE INDEX CONCURRENTLY a ON catalog_product (name)")
    ],
}


@pytest.mark.parametrize("found", STOPPING.values(), ids=STOPPING)
def test_what_would_stop_a_running_site_is_found(found):
    assert list(complaints(made(*found)))


@pytest.mark.parametrize("found", HARMLESS.values(), ids=HARMLESS)
def test_what_is_harmless_passes(found):
    assert not list(complaints(made(*found)))


def test_an_index_built_beside_the_site_must_not_be_in_a_transaction():
    operation = AddIndexConcurrently("product", INDEX)
    assert list(complaints(made(operation)))
    assert not list(complaints(made(operation, atomic=False)))


def test_a_removal_that_says_why_passes():
    removal = operations.RemoveField("product", "name")
    assert not list(complaints(made(removal, contract_step="unused since 0.3")))


def test_a_migration_gives_up_waiting_for_a_lock_before_the_site_queues_up_behind_it():
    environment = {
        "HOME": "/h",
        "DATABASE_URL": "postgresql://me@db/stock",
        "LODESTOCK_DB_ROLE": "owner",
    }
    options = django_database(read_env(environment))["OPTIONS"]["options"]
    assert "lock_timeout=" in options


def test_every_birth_migration_ran(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations")
        applied = {row[0] for row in cursor.fetchall()}
    assert set(ours()) <= applied
