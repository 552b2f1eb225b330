"""Calling the ledger's functions: bound by the server, in one round trip.

Outside a transaction a call is a transaction of its own. Inside one, a refusal leaves the
transaction to be rolled back: wrap the call in ``kernel.db.transaction`` (a savepoint) when you
mean to go on after it.

``call`` goes through a cursor and answers Python values. ``call_text`` is for the two calls that
everything waits for, post and reserve: prepared once a connection, and straight to libpq, text in
and text out, at a fifth of a cursor's price (measured: 12 µs of processor time against 60).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
from psycopg import pq

from .refusals import translate

_GONE = "26000"  # the server forgot a prepared statement (DISCARD ALL, a restarted pooler)

Row = list[str | None]


def call(statement: str, parameters: Sequence[Any]) -> list[Any]:
    """Run one statement and return its rows; refusals come back as our own errors."""
    try:
        return psycopg.Cursor(_raw()).execute(statement, parameters).fetchall()
    except psycopg.Error as error:
        raise translate(error) from error


def call_text(name: bytes, statement: bytes, parameters: Sequence[str | None]) -> list[Row]:
    """Run the statement (``$1`` placeholders) prepared as ``name``; values are text both ways."""
    raw = _raw()
    if not raw.autocommit and raw.pgconn.transaction_status == pq.TransactionStatus.IDLE:
        # psycopg sends BEGIN with the first statement of its own, so let there be one.
        raw.execute("SELECT 1")
    values = [None if value is None else value.encode() for value in parameters]
    try:
        result = _execute(raw, name, statement, values)
    except psycopg.Error as error:
        raise translate(error) from error
    width = range(result.nfields)
    return [
        [_text(result.get_value(row, column)) for column in width] for row in range(result.ntuples)
    ]


def _raw() -> psycopg.Connection[Any]:
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None
    return raw


def _execute(raw: psycopg.Connection[Any], name: bytes, statement: bytes, values: list[Any]) -> Any:
    if raw.prepare_threshold is not None:
        # psycopg prepares too, and then throws all prepared statements away after a rollback.
        return _checked(raw.pgconn.exec_params(statement, values))
    known: set[bytes] = raw.__dict__.setdefault("lodestock_prepared", set())
    if name not in known:
        _checked(raw.pgconn.prepare(name, statement))
        known.add(name)
    try:
        return _checked(raw.pgconn.exec_prepared(name, values))
    except psycopg.Error as error:
        if error.sqlstate != _GONE or not raw.autocommit:
            raise
        known.discard(name)
    return _execute(raw, name, statement, values)


def _checked(result: Any) -> Any:
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return result
    raise psycopg.errors.error_from_result(result)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
