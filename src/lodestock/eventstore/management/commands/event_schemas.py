"""``lodestock event_schemas``: check the event schemas; release new versions."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lodestock.eventstore import releases


class Command(BaseCommand):
    help = "Check that every schema is sound and that no released version has changed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--release", action="store_true", help="Freeze new versions; never changes an old one."
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *args: Any, release: bool = False, as_json: bool = False, **options: Any
    ) -> None:
        added = releases.release() if release else []
        problems = releases.problems()
        if as_json:
            self.stdout.write(
                json.dumps({"ok": not problems, "problems": problems, "released": added})
            )
        elif problems:
            raise CommandError("\n".join(problems))
        else:
            self.stdout.write(
                f"{len(releases.read_released())} schemas are sound; {len(added)} new"
            )
