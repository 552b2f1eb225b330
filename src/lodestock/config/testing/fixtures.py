"""The database fixtures, imported by the conftest at the root of the checkout."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from lodestock.config.database import APP
from lodestock.config.testing.installation import Installation, new_installation
from lodestock.config.testing.server import template, test_server
from lodestock.kernel.testing.databases import Conninfo, database_url

__all__ = [
    "as_owner",
    "committing_db",
    "django_db_setup",
    "installation",
    "owner_connection",
    "real_data",
    "transactional_db",
]


@dataclass(frozen=True)
class CommittingDatabase:
    """A database of one test's own, in which commits are real.

    Django's default connection, in every thread, and DATABASE_URL for child processes point to it.
    """

    name: str
    owner: Conninfo

    @property
    def url(self) -> str:
        """The value of DATABASE_URL for this database."""
        return database_url(self.owner)

    def connect(self, *, role: str = APP, **options: Any) -> psycopg.Connection[Any]:
        """Open a raw connection, by default with the rights of the program."""
        return psycopg.connect(**self.owner | {"options": f"-c role={role}"}, **options)

    def connect_as_owner(self, **options: Any) -> psycopg.Connection[Any]:
        """Open a raw connection with the rights of the owner."""
        return psycopg.connect(**self.owner, **options)


def point_django_at(conninfo: Conninfo) -> None:
    """Aim the default connection of every thread at one database, acting as the program."""
    connections["default"].close()
    settings: dict[str, Any] = connections.settings["default"]
    settings["NAME"] = conninfo["dbname"]
    settings["USER"] = conninfo.get("user", "")
    settings["PASSWORD"] = conninfo.get("password", "")
    settings["HOST"] = str(conninfo.get("host", ""))
    settings["PORT"] = str(conninfo.get("port", ""))
    settings["OPTIONS"]["options"] = f"-c role={APP}"
    os.environ["DATABASE_URL"] = database_url(conninfo)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Give this process a clone of the template; tests on it are rolled back."""
    server = test_server()
    name = server.clone(template())
    point_django_at(server.owner_of(name))
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    server.drop(name)


@pytest.fixture
def transactional_db() -> None:
    """Refused: it would flush by TRUNCATE, which our own triggers forbid."""
    pytest.fail("Use committing_db: transactional_db would TRUNCATE, which our triggers refuse.")


@pytest.fixture
def committing_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[CommittingDatabase]:
    """Give the test a fresh database in which it may commit, on as many connections as it likes."""
    server = test_server()
    before = {"name": connections.settings["default"]["NAME"]}
    name = server.clone(template())
    point_django_at(server.owner_of(name))
    with django_db_blocker.unblock():
        yield CommittingDatabase(name, server.owner_of(name))
        connections.close_all()
    point_django_at(server.owner_of(before["name"]))
    server.drop(name)


@pytest.fixture
def owner_connection(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection[Any]]:
    """Open a second connection to the test's database, as its owner; rolled back at the end.

    It does not see what a rolled-back test has written: use as_owner() for that.
    """
    if "committing_db" in request.fixturenames:
        request.getfixturevalue("committing_db")
    else:
        request.getfixturevalue("django_db_setup")
    server = test_server()
    with psycopg.connect(**server.owner_of(connections.settings["default"]["NAME"])) as connected:
        yield connected
        connected.rollback()


@pytest.fixture
def as_owner() -> Callable[[], AbstractContextManager[None]]:
    """Return a context manager: inside it Django's own connection has the owner's rights."""

    @contextmanager
    def acting_as_owner() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
        yield
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {APP}")

    return acting_as_owner


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Give the test a new home and the commands on it, embedded PostgreSQL included."""
    with new_installation(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of the real data files; the test is skipped, by name, without it."""
    folder = os.environ.get("LODESTOCK_REAL_DATA")
    if not folder:
        pytest.skip("LODESTOCK_REAL_DATA is not set")
    return Path(folder)
