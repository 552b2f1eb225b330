"""`lodestock wait`: return when the database answers, and, if asked, is migrated."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from lodestock.config.env import env
from lodestock.config.operations.checks import OK, database_reachable
from lodestock.config.running.preparing import pending_migrations


class Command(BaseCommand):
    """For start-up scripts: processes of several machines come up in any order."""

    help = "Wait until the database answers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--timeout", type=float, default=60, help="Seconds before giving up.")
        parser.add_argument("--migrated", action="store_true", help="Also until it is migrated.")

    def handle(self, *args: Any, **options: Any) -> None:
        deadline = time.monotonic() + options["timeout"]
        while reason := self.not_yet(migrated=options["migrated"]):
            if time.monotonic() > deadline:
                raise CommandError(f"Not ready after {options['timeout']:g} s: {reason}")
            time.sleep(0.2)

    def not_yet(self, *, migrated: bool) -> str:
        """Return what is still missing, or an empty string."""
        finding = database_reachable(env())
        if finding.state != OK:
            connection.close()
            return f"{finding.found} {finding.cure}"
        pending = pending_migrations() if migrated else []
        return f"{len(pending)} migrations are not applied" if pending else ""
