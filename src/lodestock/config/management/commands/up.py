"""`lodestock up`: the whole program on one machine, until Ctrl-C."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from lodestock.config.running.preparing import (
    NotMigrated,
    ensure_login,
    migrate_as_owner,
    pending_migrations,
)

DEFAULT_PORT = 8000
ADMIN = "admin"


class Command(BaseCommand):
    """Database, migrations, a first login, then web, worker and event runner."""

    help = "Start everything on this machine and serve the site until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Where to listen.")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="Or the next free one.")
        parser.add_argument("--admin", default=ADMIN, help="The first account's name; '' for none.")
        parser.add_argument("--reload", action="store_true", help="Start again when code changes.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.prepare(options["admin"])
        self.serve(options)

    def prepare(self, admin: str) -> None:
        """Migrate if need be and make sure that somebody can log in."""
        pending = pending_migrations()
        if pending:
            self.say(f"Preparing the database ({len(pending)} migrations) ...")
            try:
                migrate_as_owner()
            except NotMigrated as error:
                raise CommandError(str(error)) from error
        if admin:
            ensure_login(settings.HOME, admin)

    def serve(self, options: dict[str, Any]) -> NoReturn:
        """Become the parent of the processes; see lodestock.config.running."""
        connections.close_all()
        command = [sys.executable, "-m", "lodestock.config.running"]
        command += ["--host", options["host"], "--port", str(options["port"])]
        command += ["--admin", options["admin"]] + ["--reload"] * options["reload"]
        # The children log into files of their own.
        surroundings = {k: v for k, v in os.environ.items() if k != "LODESTOCK_LOG_FILE"}
        sys.stdout.flush()
        os.execve(sys.executable, command, surroundings)  # noqa: S606 - ourselves, smaller

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
