"""Putting a backup into a database, and proving afterwards that it works."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import psycopg
from psycopg import sql

from lodestock.config.env import Env
from lodestock.config.operations.postgres_tools import owner_conninfo, run_tool
from lodestock.config.roles import ensure_roles

OWN_SCHEMAS = """
SELECT nspname FROM pg_namespace
WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
"""
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


class NotEmpty(Exception):
    """The target database already holds something."""


def make_room(env: Env, *, replace: bool) -> None:
    """See that the database is empty, or, if asked, make it so.

    Raises NotEmpty where it holds tables and replacing was not asked for.
    """
    with psycopg.connect(**owner_conninfo(env), autocommit=True) as connection:
        row = connection.execute(TABLES).fetchone()
        tables = row[0] if row else 0
        if tables and not replace:
            raise NotEmpty(
                f"The database {connection.info.dbname!r} already holds {tables} tables. Restore"
                " into an empty one, or say --replace to throw away what is there."
            )
        if tables:
            _drop_everything(connection)
        ensure_roles(connection)


def load_dump(env: Env, dump: str) -> None:
    """Restore all or nothing; rights come with the dump, ownership is ours."""
    run_tool("pg_restore", env, "--no-owner", "--exit-on-error", "--single-transaction", "--", dump)


def run_command(*arguments: str, role: str = "app") -> subprocess.CompletedProcess[str]:
    """Run one of our commands in a process that starts from the restored database."""
    surroundings = os.environ | {"LODESTOCK_DB_ROLE": role}
    command = [sys.executable, "-m", "lodestock", *arguments]
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)


def _drop_everything(connection: psycopg.Connection[Any]) -> None:
    """Drop every schema of ours; extensions of a superuser stay, with what they need."""
    with connection.transaction():
        for (name,) in connection.execute(OWN_SCHEMAS).fetchall():
            schema = sql.Identifier(name)
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(schema))
        connection.execute("CREATE SCHEMA public")
