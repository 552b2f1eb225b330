"""What has to be true before the site is served: a migrated database and somebody to log in."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import psycopg
from django.contrib.auth import get_user_model
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor


class NotMigrated(Exception):
    """The migrations failed; what they said is in the message."""


def pending_migrations() -> list[str]:
    """Return the names of migrations that the database does not have yet.

    A database whose bookkeeping the program's role may not read was last migrated without our
    `migrate`; running it puts that right, so it counts as pending.
    """
    try:
        executor = MigrationExecutor(connection)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise
        return ["every migration: the program may not read django_migrations"]
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate_as_owner() -> None:
    """Run the migrations in a process that speaks to the database as its owner.

    Raises NotMigrated with the last words of that process.
    """
    environment = os.environ | {"LODESTOCK_DB_ROLE": "owner"}
    command = [sys.executable, "-m", "lodestock", "migrate", "--verbosity", "0", "--skip-checks"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMigrated(f"The database could not be migrated:\n{done.stderr.strip()[-3000:]}")


def ensure_login(home: Path, username: str) -> None:
    """Create a superuser of this name if nobody of that name exists.

    The password is made at random and kept in LODESTOCK_HOME/secrets/login-<name> (0600).
    """
    users = get_user_model().objects
    if users.filter(username__iexact=username).exists():
        return
    password = secrets.token_urlsafe(9)
    users.create_superuser(username=username, email="", password=password)
    kept_in = home / "secrets" / f"login-{username}"
    kept_in.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept_in.touch(mode=0o600)
    kept_in.write_text(password + "\n")
