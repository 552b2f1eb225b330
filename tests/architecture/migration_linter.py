"""Which migrations would stop a running site, and what to write instead.

Expand, migrate, contract: a release only adds; data moves in batches beside the running program;
what nobody uses any more goes with a later release, which says so by `contract_step = "why"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation

REMOVALS = (
    operations.DeleteModel,
    operations.RemoveField,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)
SQL_RULES = [
    (
        r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)",
        "CREATE INDEX CONCURRENTLY, atomic = False",
    ),
    (
        r"\bADD\s+CONSTRAINT\b(?!.*NOT\s+VALID)(?!.*USING\s+INDEX)",
        "ADD CONSTRAINT … NOT VALID, then VALIDATE",
    ),
    (r"\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b", "a new column, filled in batches"),
    (r"\bSET\s+NOT\s+NULL\b", "a CHECK (… IS NOT NULL) NOT VALID, validated, first"),
    (r"\b(VACUUM\s+FULL|CLUSTER|LOCK\s+TABLE)\b", "nothing that locks the whole table"),
    (r"\bDROP\s+(TABLE|COLUMN)\b", "a later release with contract_step"),
]


def complaints(migration: Migration) -> Iterator[str]:
    """Yield one sentence for each thing in the migration that would stop a running site."""
    born = {
        operation.name_lower
        for operation in migration.operations
        if isinstance(operation, operations.CreateModel)
    }
    for operation in _flat(migration.operations):
        if getattr(operation, "model_name_lower", None) not in born:
            yield from _operation(migration, operation)


def _flat(found: list[Operation]) -> Iterator[Operation]:
    for operation in found:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _operation(migration: Migration, operation: Operation) -> Iterator[str]:
    name = operation.describe()
    if isinstance(operation, AddIndexConcurrently | RemoveIndexConcurrently):
        if migration.atomic:
            yield f"{name}: needs atomic = False"
    elif isinstance(operation, operations.AddIndex | operations.RemoveIndex):
        yield f"{name}: locks writes; use AddIndexConcurrently / RemoveIndexConcurrently"
    elif isinstance(operation, REMOVALS) and not getattr(migration, "contract_step", ""):
        yield f"{name}: breaks the release that still runs; say why not in contract_step"
    elif isinstance(operation, operations.AlterField):
        yield f"{name}: may rewrite the table; add a new column and move the data in batches"
    elif isinstance(operation, operations.AddConstraint):
        yield f"{name}: scans under a lock; use AddConstraintNotValid, then ValidateConstraint"
    elif isinstance(operation, operations.AddField):
        yield from _added_field(name, operation.field)
    elif isinstance(operation, operations.RunSQL):
        yield from _sql(name, operation.sql)


def _added_field(name: str, field: models.Field[object, object]) -> Iterator[str]:
    has_default = field.has_default() or field.db_default is not models.NOT_PROVIDED
    if not field.null and not has_default and not field.many_to_many:
        yield f"{name}: a column without default must be nullable first"
    if field.unique or field.db_index:
        yield f"{name}: its index is built under a lock; first the column, then the index"


def _sql(name: str, sql: object) -> Iterator[str]:
    parts = sql if isinstance(sql, list | tuple) else [sql]
    text = "\n".join(part[0] if isinstance(part, list | tuple) else str(part) for part in parts)
    for statement in text.split(";"):
        for pattern, instead in SQL_RULES:
            if re.search(pattern, statement, re.IGNORECASE | re.DOTALL):
                shortened = " ".join(statement.split())[:80]
                yield f"{name}: {shortened} … write {instead}"
