"""Which server the tests use: the one of DATABASE_URL, else an embedded one of their own."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import psycopg

import lodestock
from lodestock.config.database import parse_url
from lodestock.config.embedded.errors import EmbeddedError
from lodestock.config.embedded.process import living_server
from lodestock.config.embedded.server import EmbeddedServer
from lodestock.kernel.testing.databases import Conninfo, TestServer, database_url

PACKAGE = Path(lodestock.__file__).resolve().parent
# What these packages migrate is part of the template too.
MIGRATING_PACKAGES = (
    "django",
    "django-axes",
    "django-celery-beat",
    "djangorestframework-simplejwt",
    "django-pgtrigger",
    "pgmq",
)


def migrations_digest() -> str:
    """Return a short hash of everything that shapes a freshly migrated database."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.glob("*/migrations/**/*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(str(path.relative_to(PACKAGE)).encode() + path.read_bytes())
    rights = [
        p for g in ("kernel/roles*.py", "*/permissions.py", "*/grants.py") for p in PACKAGE.glob(g)
    ]
    for path in sorted([*rights, PACKAGE / "accounts/roles.py", PACKAGE / "accounts/types.py"]):
        digest.update(path.read_bytes())
    for package in MIGRATING_PACKAGES:
        digest.update(f"{package}={importlib.metadata.version(package)}".encode())
    return digest.hexdigest()[:12]


def given_server(url: str) -> TestServer:
    """Return the server of DATABASE_URL; its login creates and owns the test databases."""
    owner = parse_url(url).conninfo()
    admin = owner | {"dbname": "postgres"}
    try:
        psycopg.connect(**admin).close()
    except psycopg.OperationalError:
        # Managed servers may keep the maintenance database to themselves.
        admin = owner
    return TestServer(admin=admin, owner=owner)


@cache
def embedded_server() -> EmbeddedServer:
    """Start (or join) an embedded server that only tests of this checkout use.

    It runs without fsync; what a power cut may have spoiled is thrown away and made again.
    """
    server = EmbeddedServer.at(test_home(), durable=False)
    try:
        server.start()
    except EmbeddedError:
        if living_server(server.layout):
            raise
        shutil.rmtree(server.layout.data, ignore_errors=True)
        server.start()
    return server


def test_home() -> Path:
    """Return the folder of the test server, one for each checkout and account."""
    digest = hashlib.sha256(os.fsencode(PACKAGE)).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"lodestock-tests-{os.getuid()}-{digest}"


@cache
def test_server() -> TestServer:
    """Return the server of this process's test session, found or started on first use."""
    if url := os.environ.get("LODESTOCK_TEST_SERVER_URL", ""):
        return given_server(url)
    server = embedded_server()
    return TestServer(admin=server.conninfo("admin"), owner=server.conninfo("owner"))


def close_test_server() -> None:
    """Drop this process's databases; the last process out stops the embedded server."""
    if test_server.cache_info().currsize:
        test_server().close()
    if embedded_server.cache_info().currsize:
        embedded_server().leave()


def migrate(conninfo: Conninfo) -> None:
    """Run all migrations on the database as its owner, in a process of its own."""
    environment = os.environ | {
        "DATABASE_URL": database_url(conninfo),
        "LODESTOCK_DB_ROLE": "owner",
        "DJANGO_SETTINGS_MODULE": "lodestock.config.settings.test",
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The template database could not be migrated:\n{done.stderr[-4000:]}")


@cache
def template() -> str:
    """Return the name of the migrated template database, building it if need be."""
    return test_server().template(migrations_digest(), migrate)
