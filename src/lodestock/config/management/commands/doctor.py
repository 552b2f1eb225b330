"""`lodestock doctor`: what is wrong with this installation, and the command that cures it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lodestock.config.env import env
from lodestock.config.operations.checks import FAILURE, OK, WARNING, examine

MARKS = {OK: "ok  ", WARNING: "warn", FAILURE: "FAIL"}


class Command(BaseCommand):
    """Look at everything, change nothing."""

    help = "Look for what is wrong, and say how to cure it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine(env()))
        ok = all(finding.state != FAILURE for finding in findings)
        if options["as_json"]:
            checks = [finding.as_dict() for finding in findings]
            self.stdout.write(json.dumps({"ok": ok, "checks": checks}))
        else:
            for finding in findings:
                self.stdout.write(f"{MARKS[finding.state]}  {finding.name:<13} {finding.found}")
                if finding.cure:
                    self.stdout.write(f"      cure: {finding.cure}")
        if not ok:
            raise CommandError("Something needs attention; see above.")
