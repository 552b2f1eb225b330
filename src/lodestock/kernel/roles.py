"""Three PostgreSQL roles, and what each may do, derived from the kind of table.

``lodestock_owner`` owns and migrates. ``lodestock_app`` is what the program runs as: it may
change records and projections, only add facts, and only read what our SQL functions write.
``lodestock_read`` sees the views in ``reporting``.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import Fact

OWNER = "lodestock_owner"
APP = "lodestock_app"
READER = "lodestock_read"

READ_ONLY = "SELECT"
ADD_ONLY = "SELECT, INSERT"
FULL = "SELECT, INSERT, UPDATE, DELETE"


def rights_of(model: type[models.Model]) -> str:
    """What the program's role may do with the table of ``model``."""
    if getattr(model, "written_by", "program") == "functions":
        return READ_ONLY
    return ADD_ONLY if issubclass(model, Fact) else FULL


def role_exists(connection: BaseDatabaseWrapper, role: str) -> bool:
    """Whether the server knows ``role``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None


def apply_grants(connection: BaseDatabaseWrapper) -> None:
    """Bring the rights of the program's role up to date; does nothing where it is missing.

    Runs after every migrate, as the owner. Partitions and tables without a model get nothing:
    the functions reach them, the program does not.
    """
    if not role_exists(connection, APP):
        return
    with connection.cursor() as cursor:
        for statement in _statements(connection):
            cursor.execute(statement)


def _history_functions(connection: BaseDatabaseWrapper) -> list[str]:
    """The history triggers run as the owner, so that the program itself cannot write history."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE proname LIKE 'pgtrigger\\_history\\_%%' AND NOT prosecdef"
        )
        return [row[0] for row in cursor.fetchall()]


def _statements(connection: BaseDatabaseWrapper) -> Iterator[str]:
    quote = connection.ops.quote_name
    yield f"GRANT USAGE ON SCHEMA public TO {APP}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}"
    for function in _history_functions(connection):
        yield f"ALTER FUNCTION {function} SECURITY DEFINER SET search_path = public, pg_temp"
    existing = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in existing and not model._meta.proxy:
            yield f"REVOKE ALL ON {quote(table)} FROM {APP}"
            yield f"GRANT {rights_of(model)} ON {quote(table)} TO {APP}"
