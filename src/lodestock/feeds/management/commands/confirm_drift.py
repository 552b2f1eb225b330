"""``lodestock confirm_drift REPORT``: a person accepts the new form; the file replays."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lodestock.feeds import telling
from lodestock.feeds.errors import LodestockError
from lodestock.feeds.selectors import find_report
from lodestock.feeds.services import answer_of, confirm_drift, exit_code, reject_drift

from .import_feed import progress_line, refuse


class Command(BaseCommand):
    help = "Accept the proposed fixes of a drift report (or others) and replay its file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "report", help="the report's id, or the file's path or sha256 (its first digits do)"
        )
        parser.add_argument("--fix", action="append", default=[], metavar="JSON", help="other fix")
        parser.add_argument("--reject", action="store_true", help="turn the file away instead")
        parser.add_argument("--note", default="")
        parser.add_argument(
            "--activate", action="store_true", default=None, help="read later files so as well"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = find_report(options["report"])
            if options["reject"]:
                batch = reject_drift(report, note=options["note"])
            else:
                batch = confirm_drift(
                    report,
                    fixes=[json.loads(fix) for fix in options["fix"]] or None,
                    activate=options["activate"],
                    note=options["note"],
                    progress=progress_line(quiet=options["json"]),
                )
        except LodestockError as error:
            refuse(self, error, as_json=options["json"])
            return
        answer = answer_of(batch)
        self.stdout.write(telling.as_json(answer) if options["json"] else telling.as_words(answer))
        if code := exit_code(batch):
            sys.exit(0 if options["reject"] else code)
