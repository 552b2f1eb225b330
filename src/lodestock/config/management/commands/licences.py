"""`lodestock licences`: the licence of every package the program is made of."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lodestock.config.operations.licences import LIBRARY, PERMISSIVE, licences


class Command(BaseCommand):
    """List them, and fail on one that may not be there."""

    help = "List the licences of the packages the program needs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        found = licences()
        bad = [one.package for one in found if one.family not in {PERMISSIVE, LIBRARY}]
        if options["as_json"]:
            packages = [asdict(one) for one in found]
            self.stdout.write(json.dumps({"ok": not bad, "packages": packages}))
        else:
            for one in found:
                self.stdout.write(f"{one.package:<34}{one.version:<14}{one.family:<12}{one.text}")
        if bad:
            raise CommandError(f"These may not be part of the program: {', '.join(bad)}")
