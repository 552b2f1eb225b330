"""The database roles on a server: who exists, and who may act as whom.

What each role may do with a table is kernel.roles' business. The embedded server makes its roles
itself (embedded/cluster.py).
"""

from __future__ import annotations

from typing import Any

import psycopg

from lodestock.config.database import APP, READ, parse_url
from lodestock.config.env import Env

ROLES = (APP, READ)
# Roles belong to the whole cluster: two databases may be migrated at the same moment.
ALREADY_THERE = ("42710", "23505", "XX000")
FORBIDDEN = "42501"


def ensure_roles(connection: Any, *, member: str | None = None) -> bool:
    """Create the roles that are missing and let a login act as them: `member`, or our own.

    `connection` is Django's or psycopg's, with the owner's rights. Returns whether the program's
    role can be used; False where the server forbids this login to make roles.
    """
    try:
        for role in ROLES:
            _ensure(connection, role, member)
    except _Forbidden:
        return False
    return True


def grant_bookkeeping(connection: Any) -> None:
    """Let the program see which migrations were applied; Django's own table has no model."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP])
        if cursor.fetchone():
            cursor.execute(f"GRANT SELECT ON django_migrations TO {APP}")


def settle_role(env: Env) -> bool:
    """Whether this process may act as the program's role, after making it so where possible.

    A server that cannot be reached counts as settled: the command itself will say so.
    """
    if env.database_single_role or env.database_role == "owner":
        return not env.database_single_role
    login = parse_url(env.database_url)
    try:
        with psycopg.connect(**login.conninfo(), autocommit=True) as connection:
            if can_act_as_app(connection):
                return True
            if not env.database_owner_url:
                return ensure_roles(connection)
            login_name = connection.info.user
        owner = parse_url(env.database_owner_url).conninfo()
        with psycopg.connect(**owner, autocommit=True) as connection:
            return ensure_roles(connection) and ensure_roles(connection, member=login_name)
    except psycopg.OperationalError:
        return True


def can_act_as_app(connection: psycopg.Connection[Any]) -> bool:
    """Whether the login behind the connection may act as the program's role."""
    row = connection.execute(
        "SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = %s", [APP]
    ).fetchone()
    return bool(row and row[0])


class _Forbidden(Exception):
    pass


def _ensure(connection: Any, role: str, member: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if not cursor.fetchone():
            _run(connection, f"CREATE ROLE {role} NOLOGIN")
        cursor.execute("SELECT current_user::text")
        login = member or cursor.fetchone()[0]
        cursor.execute("SELECT pg_has_role(%s::name, %s::name, 'MEMBER')", [login, role])
        if not cursor.fetchone()[0]:
            quoted = '"' + login.replace('"', '""') + '"'
            _run(connection, f"GRANT {role} TO {quoted}")


def _run(connection: Any, statement: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except Exception as error:
        state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", "")
        if state == FORBIDDEN:
            raise _Forbidden from error
        if state not in ALREADY_THERE:
            raise
