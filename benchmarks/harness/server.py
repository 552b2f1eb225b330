"""The server under measurement: durable, and with a throw-away database for every case."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lodestock.config.embedded.server import EmbeddedServer
from lodestock.config.env import env
from lodestock.config.testing.server import given_server, migrations_digest
from lodestock.kernel.testing.databases import Conninfo, TestServer, database_url

SERVER_VARIABLE = "LODESTOCK_BENCH_SERVER"
TEMPLATE_VARIABLE = "LODESTOCK_BENCH_TEMPLATE"


@contextmanager
def opened() -> Iterator[TestServer]:
    """Give the server of DATABASE_URL, else an embedded one that only benches use."""
    url = os.environ.get("DATABASE_URL", "")
    if url:
        server = given_server(url)
        yield server
        server.close()
        return
    embedded = EmbeddedServer.at(env().home / "bench", durable=True)
    embedded.start()
    server = TestServer(admin=embedded.conninfo("admin"), owner=embedded.conninfo("owner"))
    try:
        yield server
    finally:
        server.close()
        embedded.leave()


def migrated_template(server: TestServer) -> str:
    """Return the name of a migrated database to clone, building it on the first call."""
    # Its own digest: a bench template must never be a test's one on a server that both use.
    digest = hashlib.sha256(f"bench {migrations_digest()}".encode()).hexdigest()[:12]
    return server.template(digest, _migrate)


def _migrate(conninfo: Conninfo) -> None:
    environment = os.environ | {
        "DATABASE_URL": database_url(conninfo),
        "LODESTOCK_DB_ROLE": "owner",
        "DJANGO_SETTINGS_MODULE": "lodestock.config.settings.dev",
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The template could not be migrated:\n{done.stderr[-4000:]}")


def hand_over(server: TestServer, template: str) -> dict[str, str]:
    """Return the variables with which a child process finds the same server and template."""
    dsn = json.dumps({"admin": server.admin, "owner": server.owner})
    return {SERVER_VARIABLE: dsn, TEMPLATE_VARIABLE: template}


def take_over() -> tuple[TestServer, str]:
    """Return the server and the template's name that hand_over described."""
    dsn: dict[str, Any] = json.loads(os.environ[SERVER_VARIABLE])
    return TestServer(admin=dsn["admin"], owner=dsn["owner"]), os.environ[TEMPLATE_VARIABLE]


def checkout() -> Path:
    """Return the folder that holds benchmarks/."""
    return Path(__file__).resolve().parents[2]
