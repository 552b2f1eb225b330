"""A PostgreSQL of the test's own, made to be killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from lodestock.config.embedded.errors import EmbeddedError
from lodestock.config.embedded.process import living_server
from lodestock.config.embedded.server import EmbeddedServer
from lodestock.config.testing.fixtures import point_django_at
from lodestock.config.testing.server import migrate, migrations_digest
from lodestock.kernel.testing.databases import TestServer, database_url


@dataclass
class DoomedServer:
    """A durable server, as an installation has it, and databases on it."""

    home: Path
    embedded: EmbeddedServer
    databases: TestServer

    def database(self) -> dict[str, Any]:
        """A migrated database of the caller's own: its owner's connection arguments."""
        template = self.databases.template(migrations_digest(), migrate)
        name = self.databases.clone(template)
        # A sequence writes its next 32 values ahead into the log. Those of a clone were logged
        # for its template only: without a checkpoint between, a crash would deal them out twice.
        self.databases.session.execute("CHECKPOINT")
        return self.databases.owner_of(name)

    def empty_database(self) -> dict[str, Any]:
        return self.databases.owner_of(self.databases.clone("template0"))

    def url(self, conninfo: dict[str, Any]) -> str:
        return database_url(conninfo)

    def kill(self) -> None:
        """Pull the plug: the postmaster and every process of it, at once, with kill -9."""
        postmaster = living_server(self.embedded.layout)
        assert postmaster
        children = _children(postmaster)
        os.kill(postmaster, signal.SIGKILL)
        for pid in children:
            _kill(pid)
        while living_server(self.embedded.layout):
            time.sleep(0.02)

    def restart(self) -> None:
        """As `lodestock up` would: find the crashed server and start it again."""
        deadline = time.monotonic() + 60
        while True:
            try:
                self.embedded.start()
                break
            except EmbeddedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        self.databases._session = None


def _children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(folder.name))
    return found


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def a_server() -> Iterator[DoomedServer]:
    """Start a server in a home of its own; leave nothing of it behind."""
    home = Path(tempfile.mkdtemp(prefix="lodestock-doomed-"))
    embedded = EmbeddedServer.at(home)
    embedded.start()
    databases = TestServer(admin=embedded.conninfo("admin"), owner=embedded.conninfo("owner"))
    yield DoomedServer(home, embedded, databases)
    databases.close()
    embedded.leave()
    root = embedded.layout.data.parent
    shutil.rmtree(home, ignore_errors=True)
    if not root.is_relative_to(home):
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def doomed_server() -> Iterator[DoomedServer]:
    """A server with a migrated template, shared by the tests that kill it."""
    with a_server() as server:
        yield server


@pytest.fixture
def fresh_server() -> Iterator[DoomedServer]:
    """A server on which nothing has happened yet."""
    with a_server() as server:
        yield server


@pytest.fixture
def pointing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[..., None]]:
    """Aim Django's own connection at a database; it is put back at the end."""
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    names["port"] = "PORT"
    before = {key: connections.settings["default"][name] for key, name in names.items()}

    def aim(conninfo: dict[str, Any]) -> None:
        connections.close_all()
        point_django_at(conninfo)

    with django_db_blocker.unblock():
        yield aim
        connections.close_all()
    point_django_at(before)
