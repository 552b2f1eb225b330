"""Databases for tests: migrate once into a template, then clone it for whoever needs one.

Our own triggers refuse TRUNCATE, so a test that commits gets a database of its own instead of a
flushed one. Cloning takes a few hundredths of a second. A template is named after what made it (the
migrations), so the next run finds it. A clone is named after the session that made it; a session
is a connection, and what belongs to no living connection is dropped by the next one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

TEMPLATE_PREFIX = "lodestock_template_"
CLONE_PREFIX = "lodestock_test_"
SESSION_PREFIX = "lodestock-tests-"
STALE_TEMPLATE_DAYS = 2

Conninfo = dict[str, Any]


def database_url(conninfo: Conninfo) -> str:
    """Write connection arguments as the URL that DATABASE_URL takes, sockets included."""
    known = {"host", "port", "user", "password", "dbname"}
    login = quote(str(conninfo.get("user", "")), safe="")
    if conninfo.get("password"):
        login += ":" + quote(str(conninfo["password"]), safe="")
    query = {key: str(value) for key, value in conninfo.items() if key not in known}
    # A socket's folder is no host name: it travels as a parameter.
    query |= {key: str(conninfo[key]) for key in ("host", "port") if conninfo.get(key)}
    name = quote(str(conninfo["dbname"]), safe="")
    return f"postgresql://{login}@/{name}?{urlencode(query)}"


@dataclass
class TestServer:
    """A PostgreSQL server that tests may make databases on.

    `admin` may create databases; `owner` owns them (the role that migrates); on a server with one
    login both are the same.
    """

    __test__ = False

    admin: Conninfo
    owner: Conninfo
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    _session: psycopg.Connection[Any] | None = None
    _count: int = 0

    def owner_of(self, name: str) -> Conninfo:
        """Return the owner's connection arguments for the database `name`."""
        return self.owner | {"dbname": name}

    def template(self, digest: str, migrate: Callable[[Conninfo], None]) -> str:
        """Return the template for `digest`, calling `migrate` on a new database if there is none.

        Only one of several processes builds; the others wait for it.
        """
        name = TEMPLATE_PREFIX + digest
        with self._locked(name) as admin:
            if not _exists(admin, name):
                self._build(admin, name, migrate)
                _drop_stale_templates(admin, keep=name)
        return name

    def clone(self, template: str) -> str:
        """Create a database like `template` for this session and return its name."""
        self._count += 1
        name = f"{CLONE_PREFIX}{self.token}_{self._count}"
        self._create(self.session, name, template)
        return name

    def drop(self, name: str) -> None:
        """Drop a database of ours, ending whatever is still connected to it."""
        self.session.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    @property
    def session(self) -> psycopg.Connection[Any]:
        """The connection whose life is this test session; opened on first use."""
        if self._session is None or self._session.closed:
            self._session = psycopg.connect(
                **self.admin | {"application_name": SESSION_PREFIX + self.token}, autocommit=True
            )
            _drop_orphans(self._session)
        return self._session

    def close(self) -> None:
        """End the session, dropping every clone that it made."""
        if self._session is None or self._session.closed:
            return
        for name in _names_like(self._session, f"{CLONE_PREFIX}{self.token}_"):
            self.drop(name)
        self._session.close()

    def _build(
        self, admin: psycopg.Connection[Any], name: str, migrate: Callable[[Conninfo], None]
    ) -> None:
        building = f"{name}_building"
        admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(building))
        )
        self._create(admin, building, "template0")
        migrate(self.owner_of(building))
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(building), sql.Identifier(name)
            )
        )
        # A forgotten connection would make every CREATE DATABASE ... TEMPLATE fail.
        admin.execute(
            sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name))
        )

    def _create(self, admin: psycopg.Connection[Any], name: str, template: str) -> None:
        statement = "CREATE DATABASE {} TEMPLATE {} OWNER {} ENCODING 'UTF8'"
        owner = self.owner.get("user") or admin.info.user
        admin.execute(
            sql.SQL(statement).format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(owner)
            )
        )

    @contextmanager
    def _locked(self, key: str) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(**self.admin, autocommit=True) as admin:
            admin.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
            yield admin


def _exists(admin: psycopg.Connection[Any], name: str) -> bool:
    found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _names_like(admin: psycopg.Connection[Any], prefix: str) -> list[str]:
    rows = admin.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
    ).fetchall()
    return [row[0] for row in rows]


def _drop_orphans(admin: psycopg.Connection[Any]) -> None:
    """Drop the clones of sessions that no longer exist."""
    rows = admin.execute(
        "SELECT application_name FROM pg_stat_activity WHERE starts_with(application_name, %s)",
        [SESSION_PREFIX],
    ).fetchall()
    living = {row[0].removeprefix(SESSION_PREFIX) for row in rows}
    for name in _names_like(admin, CLONE_PREFIX):
        if name.removeprefix(CLONE_PREFIX).split("_")[0] not in living:
            _drop_quietly(admin, name)


def _drop_stale_templates(admin: psycopg.Connection[Any], *, keep: str) -> None:
    """Drop templates made by other states of the migrations, some days ago."""
    rows = admin.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s"
        " AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification"
        " < now() - make_interval(days => %s)",
        [TEMPLATE_PREFIX, keep, STALE_TEMPLATE_DAYS],
    ).fetchall()
    for (name,) in rows:
        _drop_quietly(admin, name)


def _drop_quietly(admin: psycopg.Connection[Any], name: str) -> None:
    """Drop a left-over that another session may be dropping at this moment."""
    try:
        admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
    except (psycopg.errors.ObjectInUse, psycopg.errors.InsufficientPrivilege):
        return
    except psycopg.errors.InternalError:  # "tuple concurrently deleted"
        return
