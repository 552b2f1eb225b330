"""What `lodestock doctor` looks at. Each check says what it found and, if need be, the cure."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import OperationalError, connection

from lodestock.config.database import APP, django_database
from lodestock.config.embedded.layout import Layout
from lodestock.config.embedded.process import living_server
from lodestock.config.env import Env
from lodestock.config.production import missing_for_production
from lodestock.config.running.preparing import pending_migrations
from lodestock.config.secrets import load_secrets

OK, WARNING, FAILURE = "ok", "warning", "failure"
OLDEST_SERVER = 150000
LOW_DISK_BYTES = 2 * 2**30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `cure` is a command or a sentence; empty when all is well."""

    name: str
    state: str
    found: str
    cure: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the finding as one JSON object."""
        return asdict(self)


def examine(env: Env) -> Iterator[Finding]:
    """Yield every finding; what needs a database is left out when there is none."""
    yield python()
    yield disk(env.home)
    yield secrets_private(env.home)
    yield production(env)
    reachable = database_reachable(env)
    yield reachable
    if reachable.state == OK:
        for check in DATABASE_CHECKS:
            yield check()


def python() -> Finding:
    return Finding("python", OK, sys.version.split()[0])


def disk(home: Path) -> Finding:
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    found = f"{free / 2**30:.1f} GiB free at {place}"
    if free < LOW_DISK_BYTES:
        return Finding("disk", WARNING, found, f"Free some space, or move {home} (LODESTOCK_HOME).")
    return Finding("disk", OK, found)


def secrets_private(home: Path) -> Finding:
    folder = home / "secrets"
    load_secrets(home)
    open_ones = [
        path
        for path in ([folder, *folder.iterdir()] if folder.exists() else [])
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_ones:
        names = " ".join(f"'{path}'" for path in open_ones)
        return Finding("secrets", FAILURE, "readable by others", f"chmod go= {names}")
    return Finding("secrets", OK, "private")


def production(env: Env) -> Finding:
    """Only the production settings insist; elsewhere this is not even a warning."""
    if not settings.SETTINGS_MODULE.endswith(".prod"):
        return Finding("production", OK, "not the production settings")
    missing = missing_for_production(env, load_secrets(env.home))
    if missing:
        return Finding("production", FAILURE, f"{len(missing)} missing", " ".join(missing))
    return Finding("production", OK, "complete")


def database_reachable(env: Env) -> Finding:
    if env.embedded and living_server(Layout.of(env.home)) is None:
        return Finding("database", WARNING, "the embedded server does not run", "lodestock up")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int")
            version = cursor.fetchone()[0]
    except (OperationalError, psycopg.Error) as error:
        target = django_database(env)
        where = f"{target['HOST'] or 'the local socket'}:{target['PORT'] or 5432}"
        cure = f"Is PostgreSQL running at {where}, and is DATABASE_URL right?"
        return Finding("database", FAILURE, str(error).strip().splitlines()[0], cure)
    if version < OLDEST_SERVER:
        cure = "PostgreSQL 15 or newer is needed; unset DATABASE_URL to use the embedded one."
        return Finding("database", FAILURE, f"PostgreSQL {version // 10000}", cure)
    return Finding("database", OK, f"PostgreSQL {version // 10000}.{version % 10000}")


def role() -> Finding:
    """Whether the program is kept away from the ledger by the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user::text, rolsuper FROM pg_roles WHERE rolname = session_user"
        )
        row = cursor.fetchone()
    user, login_is_superuser = row or (APP, False)
    if user != APP:
        cure = (
            f"Ask the server's administrator: CREATE ROLE {APP}; GRANT {APP} TO {user};"
            " then: lodestock migrate"
        )
        return Finding("role", WARNING, f"the program runs as {user}, which owns the ledger", cure)
    if login_is_superuser:
        cure = "Give the program a login of its own (DATABASE_URL) beside DATABASE_OWNER_URL's."
        return Finding("role", WARNING, f"acts as {APP}, but its login is a superuser", cure)
    return Finding("role", OK, f"acts as {APP}")


def migrations() -> Finding:
    pending = pending_migrations()
    if pending:
        return Finding("migrations", FAILURE, f"{len(pending)} not applied", "lodestock migrate")
    return Finding("migrations", OK, "all applied")


def encoding() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        found = cursor.fetchone()[0]
    if found != "UTF8":
        cure = "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and move the data there."
        return Finding("encoding", FAILURE, found, cure)
    return Finding("encoding", OK, found)


def long_transactions() -> Finding:
    """A transaction that stays open holds back the reading order of events."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM max(now() - xact_start))::int, 0)"
            " FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%'"
            " AND datname = current_database()"
        )
        seconds = cursor.fetchone()[0]
    if seconds > 60:
        cure = "SELECT pid, query FROM pg_stat_activity WHERE state LIKE 'idle in transaction%';"
        return Finding("transactions", WARNING, f"one has been open for {seconds} s", cure)
    return Finding("transactions", OK, "none left open")


DATABASE_CHECKS: tuple[Callable[[], Finding], ...] = (
    role,
    encoding,
    migrations,
    long_transactions,
)
