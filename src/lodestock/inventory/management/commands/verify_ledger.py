"""``lodestock verify_ledger``: prove that the ledger and what is folded from it agree."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lodestock.inventory.verification import Report, verify


class Command(BaseCommand):
    help = "Refold the ledger and compare: balances, promises, units, digests, events, partitions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--incremental", action="store_true", help="from the newest snapshot on (seconds)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(incremental=options["incremental"])
        if options["json"]:
            self.stdout.write(json.dumps({"ok": report.ok, **asdict(report)}))
        else:
            self._tell(report)
        if not report.ok:
            sys.exit(1)

    def _tell(self, report: Report) -> None:
        for name, found in report.checks.items():
            self.stdout.write(f"{'ok  ' if not found else 'WRONG'} {name}")
        for item in report.differences:
            self.stdout.write(
                f"  {item.check}: {item.subject}: expected {item.expected}, found {item.found}"
            )
        verdict = "clean" if report.ok else f"{len(report.differences)} differences"
        self.stdout.write(
            f"{verdict}: {report.movements} movements, {report.balances} balances,"
            f" {report.mode}, {report.seconds} s"
        )
