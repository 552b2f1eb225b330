"""``lodestock ensure_partitions``: the ledger's months, made ahead."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lodestock.inventory import services


class Command(BaseCommand):
    help = "Make the ledger's month partitions from this month on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--months-ahead", type=int, default=services.MONTHS_AHEAD)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        made = services.ensure_partitions(months_ahead=options["months_ahead"])
        ahead = services.months_prepared()
        if options["json"]:
            self.stdout.write(json.dumps({"ok": ahead >= 2, "made": made, "months_ahead": ahead}))
        else:
            self.stdout.write(f"{len(made)} made, {ahead} months ahead")
