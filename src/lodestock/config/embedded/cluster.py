"""What every embedded cluster contains: our three roles and one database."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from lodestock.config.database import APP, EMBEDDED_DATABASE, OWNER, READ
from lodestock.config.embedded.configuration import SUPERUSER


def ensure_cluster(conninfo: dict[str, Any]) -> None:
    """Make what is missing; safe to repeat. `conninfo` is the superuser's, without a database."""
    with psycopg.connect(**conninfo, dbname=SUPERUSER, autocommit=True) as admin:
        for role in (OWNER, APP, READ):
            _ensure_role(admin, role)
        admin.execute(f"GRANT {APP}, {READ} TO {OWNER}")
        created = _ensure_database(admin)
    if created:
        with psycopg.connect(**conninfo, dbname=EMBEDDED_DATABASE, autocommit=True) as admin:
            _ensure_statistics(admin)


def set_password(conninfo: dict[str, Any], password: str) -> None:
    """Give the roles that may use TCP their password."""
    with psycopg.connect(**conninfo, dbname=SUPERUSER, autocommit=True) as admin:
        for role in (APP, READ):
            admin.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(password)
                )
            )


def _ensure_role(admin: psycopg.Connection[Any], role: str) -> None:
    found = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if found is None:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))


def _ensure_database(admin: psycopg.Connection[Any]) -> bool:
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    if admin.execute(query, [EMBEDDED_DATABASE]).fetchone():
        return False
    admin.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(
            sql.Identifier(EMBEDDED_DATABASE), sql.Identifier(OWNER)
        )
    )
    return True


def _ensure_statistics(admin: psycopg.Connection[Any]) -> None:
    """Install what only a superuser may; absent from some builds, and nothing depends on it."""
    query = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_stat_statements'"
    if admin.execute(query).fetchone():
        admin.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
