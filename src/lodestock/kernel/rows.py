"""Many rows in one statement: keys drawn ahead, INSERT and UPDATE from arrays.

The bulk verbs of the document rooms are built on these: a statement per table and chunk, whatever
the number of rows. History triggers are statement level, so they see every row all the same.
Values are checked by the callers; here only their order counts.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connections, models

V = TypeVar("V")

#: From this many rows on, COPY is quicker than arrays.
COPY_FROM = 12

#: Column types whose arrays cannot be told by cutting the length off the type.
_TEXT_TYPES = ("varchar", "char", "text", "citext")


def next_keys(model: type[models.Model], count: int, *, using: str = "default") -> list[int]:
    """``count`` fresh primary keys of ``model``, drawn from its sequence in one statement."""
    if count == 0:
        return []
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


class Supply(Generic[V]):
    """Keys or numbers drawn ahead: :meth:`expect` how many will be needed, then :meth:`take` them.

    ``draw`` fetches that many in one round trip; what is taken beyond them is fetched one by one.
    """

    def __init__(self, draw: Callable[[int], Sequence[V]]) -> None:
        self._draw = draw
        self._stock: deque[V] = deque()

    def expect(self, count: int) -> None:
        """Make sure that ``count`` are at hand."""
        missing = count - len(self._stock)
        if missing > 0:
            self._stock.extend(self._draw(missing))

    def take(self) -> V:
        """The next one."""
        self.expect(1)
        return self._stock.popleft()


def insert_rows(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    using: str = "default",
) -> int:
    """Insert ``rows`` (values in the order of ``fields``); columns not named get their defaults.

    Returns how many were inserted.
    """
    given = list(rows)
    if len(given) >= COPY_FROM:
        return _copy_rows(model, fields, given, using)
    columns = list(zip(*given, strict=True))
    if not columns:
        return 0
    names, arrays = _columns(model, tuple(fields), using)
    table = connections[using].ops.quote_name(model._meta.db_table)
    sql = f"INSERT INTO {table} ({', '.join(names)}) SELECT * FROM unnest({', '.join(arrays)})"  # noqa: S608
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [list(column) for column in columns])
        return int(cursor.rowcount)


def _copy_rows(
    model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[Any]], using: str
) -> int:
    """COPY spares the arrays, whose text costs more than the rows; it is one round trip more."""
    connection = connections[using]
    names, _ = _columns(model, tuple(fields), using)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return int(cursor.rowcount)


def update_rows(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    using: str = "default",
) -> int:
    """Set ``fields`` of many rows at once; each row is ``(id, *values)``.

    Returns how many rows were found.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return 0
    names, arrays = _columns(model, ("id", *fields), using)
    table = connections[using].ops.quote_name(model._meta.db_table)
    changes = ", ".join(f"{name} = given.v{i}" for i, name in enumerate(names[1:], start=1))
    aliases = ", ".join(f"v{i}" for i in range(len(names)))
    sql = (
        f"UPDATE {table} AS kept SET {changes}"  # noqa: S608
        f" FROM unnest({', '.join(arrays)}) AS given({aliases}) WHERE kept.id = given.v0"
    )
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [list(column) for column in columns])
        return int(cursor.rowcount)


def insert_records(model: type[models.Model], records: Sequence[Any]) -> int:
    """Insert unsaved instances that have their keys already (see :func:`next_keys`)."""
    names, attributes = _record_fields(model)
    return insert_rows(model, names, ([_plain(getattr(r, a)) for a in attributes] for r in records))


def update_records(model: type[models.Model], records: Sequence[Any]) -> int:
    """Write all fields of loaded (and locked) instances back; history keeps what changed."""
    names, attributes = _record_fields(model)
    rows = ([_plain(getattr(r, a)) for a in attributes] for r in records)
    return update_rows(model, names[1:], rows)


@cache
def _record_fields(model: type[models.Model]) -> tuple[list[str], list[str]]:
    """Names and attributes of the columns a room writes itself, the key first."""
    kept_by_the_database = {"created_at", "updated_at"}
    fields = [f for f in model._meta.concrete_fields if f.name not in kept_by_the_database]
    fields.sort(key=lambda f: not f.primary_key)
    return [f.name for f in fields], [f.attname for f in fields]


def _plain(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value)
    return value.value if isinstance(value, Enum) else value


@cache
def _columns(
    model: type[models.Model], fields: tuple[str, ...], using: str
) -> tuple[list[str], list[str]]:
    connection = connections[using]
    names, arrays = [], []
    for name in fields:
        field = model._meta.get_field(name)
        kind = str(field.cast_db_type(connection) or field.db_type(connection))  # type: ignore[union-attr]
        names.append(connection.ops.quote_name(str(field.column)))  # type: ignore[union-attr]
        arrays.append(f"%s::{_array_type(kind)}")
    return names, arrays


def _array_type(kind: str) -> str:
    """The array type to send: text without a length, so that a too long value is refused."""
    bare = kind.partition("(")[0].strip()
    return "text[]" if bare in _TEXT_TYPES else f"{bare}[]"
