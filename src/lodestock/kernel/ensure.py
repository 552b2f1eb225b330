"""Bulk "make sure it exists" for imports: insert what is missing, tell who inserted it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connections, models

from .errors import LodestockError
from .exact_json import dumps


class Ensured(dict[str, int]):
    """``{code: id}`` of every row that is there now, and what was done to get there."""

    def __init__(self) -> None:
        super().__init__()
        self.created: set[str] = set()
        self.changed: set[str] = set()
        self.refused: dict[str, LodestockError] = {}

    @property
    def unchanged(self) -> set[str]:
        """Rows that were there and equal already."""
        return set(self) - self.created - self.changed

    def refuse(self, code: str, error: LodestockError, *, strict: bool) -> None:
        """Keep the refusal of one row, or raise it when the call is all or nothing."""
        if strict:
            raise error
        self.refused.setdefault(code, error)


def insert_missing(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    key: str,
    using: str = "default",
) -> dict[Any, int]:
    """Insert the rows whose ``key`` does not exist yet; ``{key: id}`` of those inserted here.

    Values are in the order of ``fields``; columns not named get their database default. A row
    that another transaction inserts at the same moment is waited for and then left to it; other
    unique columns raise. Rows go in by key, so that two imports never wait in a circle.
    """
    place = list(fields).index(key)
    ordered = sorted(rows, key=lambda row: str(row[place]))
    if not ordered:
        return {}
    sql = _statement(model, tuple(fields), key, using)
    # One JSON text: quicker to write and to read than an array for every column.
    given = [dict(enumerate(row)) for row in ordered]
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [dumps(given)])
        return dict(cursor.fetchall())


@cache
def _statement(model: type[models.Model], fields: tuple[str, ...], key: str, using: str) -> str:
    connection = connections[using]
    quote = connection.ops.quote_name
    columns = [model._meta.get_field(name) for name in fields]
    names = ", ".join(quote(str(column.column)) for column in columns)  # type: ignore[union-attr]
    types = ", ".join(
        f'"{place}" {_bare_type(column, connection)}' for place, column in enumerate(columns)
    )
    values = ", ".join(f'given."{place}"' for place in range(len(columns)))
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({names})"  # noqa: S608
        f" SELECT {values} FROM jsonb_to_recordset(%s::jsonb) AS given({types})"
        f" ON CONFLICT ({quote(key)}) DO NOTHING RETURNING {quote(key)}, id"
    )


def _bare_type(column: Any, connection: Any) -> str:
    """The column's type without its length, so that a too long value is refused, not cut."""
    kind = str(column.cast_db_type(connection) or column.db_type(connection))
    return "text" if kind.startswith(("varchar", "char")) and "[" not in kind else kind
