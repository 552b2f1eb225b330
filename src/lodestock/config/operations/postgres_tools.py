"""pg_dump and pg_restore, found and told which database they mean."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg

from lodestock.config.database import embedded_dsn, server_dsn
from lodestock.config.embedded.binaries import find_binaries
from lodestock.config.embedded.errors import EmbeddedError
from lodestock.config.embedded.layout import Layout
from lodestock.config.env import Env


class ToolFailed(Exception):
    """pg_dump or pg_restore is missing or failed; its own words are in the message."""


def owner_conninfo(env: Env) -> dict[str, Any]:
    """Return psycopg's arguments for the owner's connection, whatever role this process has."""
    if env.embedded:
        layout = Layout.of(env.home)
        return embedded_dsn(layout.socket_dir, "owner", layout.port).conninfo()
    return server_dsn(env, "owner").conninfo()


def run_tool(name: str, env: Env, *arguments: str) -> None:
    """Run one of PostgreSQL's client programs on our database, as the owner.

    The password travels in the environment, never on the command line.
    Raises ToolFailed.
    """
    conninfo = owner_conninfo(env)
    surroundings = os.environ | {"PGPASSWORD": str(conninfo.pop("password", ""))}
    target = psycopg.conninfo.make_conninfo(**conninfo)
    command = [str(find_tool(name, env)), f"--dbname={target}", *arguments]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolFailed(f"{name} failed:\n{done.stderr.strip()[-3000:]}")


def find_tool(name: str, env: Env) -> Path:
    """Return the program: the one that came with the embedded server, else the one on PATH.

    The newer of several is right: pg_dump reads older servers, never newer ones.
    """
    try:
        beside = find_binaries(env.embedded_binaries) / name
    except EmbeddedError:
        beside = Path("/nonexistent")
    found = beside if beside.exists() else shutil.which(name)
    if not found:
        raise ToolFailed(f"{name} was not found. Cure: apt-get install postgresql-client")
    return Path(found)
