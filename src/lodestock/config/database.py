"""From the surroundings to Django's DATABASES: which server, which role, which pool.

Two roles speak to one database (docs/adr/0002). The *owner* migrates; the program runs as
*lodestock_app*, which may not touch ledger and balances except through the posting functions.
The embedded server knows each role as a login of its own. On a server given by one DATABASE_URL the
login is the owner, and the program's connections add `role=lodestock_app` as a start-up option: it
costs no round trip, and RESET ROLE leads back to the application role, not to the owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from lodestock.config.env import BadSetting, Env

OWNER, APP, READ = "lodestock_owner", "lodestock_app", "lodestock_read"
ROLE_NAMES = {"owner": OWNER, "app": APP, "read": READ}
EMBEDDED_DATABASE = "lodestock"
CONNECT_TIMEOUT_SECONDS = 10
# A migration that waits for a lock makes everybody queue up behind it: it gives up first. Nor need
# it wait for the disk after each small step: a crash takes back the last steps, in order.
OWNER_OPTIONS = "-c lock_timeout=5000 -c synchronous_commit=off"


@dataclass(frozen=True)
class Dsn:
    """One database address, taken apart."""

    host: str
    port: str
    user: str
    password: str
    name: str
    options: dict[str, str]

    def conninfo(self) -> dict[str, Any]:
        """Return keyword arguments for psycopg.connect."""
        given = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": self.name,
        }
        return {key: value for key, value in given.items() if value} | self.options


def parse_url(url: str) -> Dsn:
    """Take a postgresql:// address apart; raises BadSetting for any other engine or no name."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadSetting(
            f"DATABASE_URL begins with {parts.scheme or 'no scheme'!r}; Lodestock speaks to"
            " PostgreSQL 15 or newer only: postgresql://user:password@host:5432/database"
        )
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise BadSetting("DATABASE_URL names no database: postgresql://user@host:5432/database")
    options = dict(parse_qsl(parts.query))
    return Dsn(
        host=unquote(parts.hostname or options.pop("host", "")),
        port=str(parts.port or options.pop("port", "")),
        user=unquote(parts.username or options.pop("user", "")),
        password=unquote(parts.password or options.pop("password", "")),
        name=name,
        options=options,
    )


def embedded_dsn(socket_dir: Path, role: str = "app", port: int = 5432) -> Dsn:
    """Return the address of the embedded server for one of our roles (peer authentication)."""
    return Dsn(str(socket_dir), str(port), ROLE_NAMES[role], "", EMBEDDED_DATABASE, {})


def server_dsn(env: Env, role: str = "") -> Dsn:
    """Return the server's address for a role; without one, for this process's.

    The owner prefers DATABASE_OWNER_URL: a login of its own, past any PgBouncer.
    """
    as_owner = (role or env.database_role) == "owner" and env.database_owner_url
    return parse_url(as_owner or env.database_url)


def role_option(env: Env) -> str:
    """Return the start-up option that makes a server's login act as our role, or nothing."""
    if env.database_role == "owner" or env.database_single_role:
        return ""
    return f"-c role={ROLE_NAMES[env.database_role]}"


def direct_database(env: Env) -> dict[str, Any]:
    """Return psycopg's arguments for a line past any PgBouncer (LISTEN, the queue), or nothing.

    Empty unless DATABASE_DIRECT_URL is given: without a pooler the usual address is as good.
    """
    if not env.database_direct_url:
        return {}
    conninfo = parse_url(env.database_direct_url).conninfo()
    if role := role_option(env):
        conninfo["options"] = f"{conninfo.get('options', '')} {role}".strip()
    return conninfo


def django_database(env: Env, *, pool: bool = True) -> dict[str, Any]:
    """Return the DATABASES entry for this process."""
    if env.embedded:
        from lodestock.config.embedded.layout import Layout

        layout = Layout.of(env.home)
        dsn = embedded_dsn(layout.socket_dir, env.database_role, layout.port)
        startup = ""
    else:
        dsn = server_dsn(env)
        startup = role_option(env)
    options: dict[str, Any] = dict(dsn.options)
    if env.database_role == "owner":
        startup = OWNER_OPTIONS
    options["options"] = " ".join(filter(None, [options.get("options", ""), startup]))
    if not options["options"]:
        del options["options"]
    options.setdefault("connect_timeout", CONNECT_TIMEOUT_SECONDS)
    options.setdefault("application_name", f"lodestock-{env.database_role}")
    options["server_side_binding"] = True
    if pool and env.database_pool_max and env.database_role != "owner":
        options["pool"] = {"min_size": 1, "max_size": env.database_pool_max, "timeout": 15}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": dsn.name,
        "USER": dsn.user,
        "PASSWORD": dsn.password,
        "HOST": dsn.host,
        "PORT": dsn.port,
        "CONN_MAX_AGE": 0,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": options,
        "TIME_ZONE": None,
    }
