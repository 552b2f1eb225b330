"""``lodestock rebuild_balances``: the balances anew from the ledger."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lodestock.inventory import services


class Command(BaseCommand):
    help = "Fold the ledger into the balances again; postings wait meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        changed = services.rebuild_balances()
        if options["json"]:
            self.stdout.write(json.dumps({"ok": True, "changed": changed}))
        else:
            self.stdout.write(f"{changed} balances were wrong and are mended")
