"""Where one case plays: its databases, its folder, its scale."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections

from lodestock.config.database import APP
from lodestock.kernel.testing.databases import Conninfo, TestServer, database_url

RAW = Path(__file__).resolve().parents[1] / "raw"


def point_django_at(database: str) -> None:
    """Let this process's Django work on another database of the same server."""
    default = connections["default"]
    default.close()
    default.close_pool()
    connections.settings["default"]["NAME"] = database


@dataclass
class Stage:
    """One case's surroundings. `full` asks for the long form; `data` holds the real files."""

    server: TestServer
    template: str
    database: str
    full: bool
    data: Path | None
    folder: Path

    @property
    def owner(self) -> Conninfo:
        """Connection arguments of the role that owns the tables (set-up and raw SQL)."""
        return self.server.owner_of(self.database)

    @property
    def app(self) -> Conninfo:
        """Connection arguments with the rights of the program."""
        return self.owner | {"options": f"-c role={APP}"}

    @property
    def url(self) -> str:
        """DATABASE_URL of this case's database."""
        return database_url(self.owner)

    def connect(self, **options: Any) -> psycopg.Connection[Any]:
        """Open a connection as the owner."""
        return psycopg.connect(**self.owner, **options)

    def connect_as_admin(self) -> psycopg.Connection[Any]:
        """Open a connection as whoever administers the server, each statement by itself."""
        return psycopg.connect(**self.server.admin | {"dbname": self.database}, autocommit=True)

    def another_database(self) -> Conninfo:
        """Return the owner's connection arguments for one more fresh, migrated database."""
        return self.server.owner_of(self.server.clone(self.template))

    def run_sql(self, name: str) -> None:
        """Run a file of benchmarks/raw as the owner; statements are separated by semicolons."""
        with self.connect(autocommit=True) as connection:
            text = (RAW / name).read_text(encoding="utf-8")
            for statement in filter(str.strip, text.split(";\n")):
                connection.execute(statement)  # type: ignore[arg-type]

    def script(self, name: str) -> str:
        """Return the text of a pgbench script of benchmarks/raw."""
        return (RAW / name).read_text(encoding="utf-8")

    def say(self, text: str) -> None:
        """Tell the person who waits what is being done."""
        print(f"    {text}", file=sys.stderr, flush=True)

    @contextmanager
    def timed(self, text: str) -> Iterator[None]:
        """Say what is being done and, afterwards, how long it took."""
        started = time.perf_counter()
        yield
        self.say(f"{text}: {time.perf_counter() - started:.1f} s")

    def environment(self) -> dict[str, str]:
        """Return the variables for a child process that is to work on this case's database."""
        return os.environ | {
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "LODESTOCK_DB_ROLE": "app",
            # A client is one process with one connection; the site sets its own (see web.py).
            "LODESTOCK_DB_POOL_MAX": "1",
        }
