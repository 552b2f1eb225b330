"""``lodestock take_snapshots``: seal the past and fold it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lodestock.inventory import services


class Command(BaseCommand):
    help = "Seal the past, fold what was learned late, build the month snapshots that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="forget them and fold again")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        take = services.rebuild_snapshots if options["rebuild"] else services.take_snapshots
        built = [
            {"axis": axis, "boundary": boundary.isoformat(), "rows": rows}
            for axis, boundary, rows in take()
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"ok": True, "built": built}))
            return
        for row in built:
            self.stdout.write(f"{row['axis']:<8} {row['boundary']}  {row['rows']} rows")
        self.stdout.write(f"{len(built)} snapshots built")
