"""``lodestock draft_contract FILE``: a first contract for somebody's own stock list."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lodestock.feeds.domain.drafting import Draft, Wishes, draft
from lodestock.feeds.domain.drafting.roles import HEADINGS
from lodestock.feeds.errors import LodestockError

from .import_feed import refuse


class Command(BaseCommand):
    """Reads the file, needs no database, and writes YAML that says what it guessed."""

    help = "Look at a stock list (CSV or .xlsx) and write a contract for it, with explanations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, help="Write here instead of to the terminal.")
        parser.add_argument("--name", default="", help="The feed's name; else the file's.")
        parser.add_argument("--sheet", default="", help="Of a workbook; else its longest sheet.")
        parser.add_argument("--currency", default="EUR", help="What costs are in (EUR).")
        parser.add_argument("--timezone", default="UTC", help="For example Europe/Berlin.")
        parser.add_argument("--site", default="MAIN", help="Where the goods lie (MAIN).")
        roles = ", ".join(HEADINGS)
        parser.add_argument(
            "--is",
            dest="means",
            action="append",
            default=[],
            metavar="ROLE=HEADING",
            help=f"What a column is, where its heading does not tell: {roles}.",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path | None = options["out"]
        if out is not None and out.exists():
            raise CommandError(f"{out} exists: remove it, or choose another name with --out.")
        try:
            found = draft(options["file"], _wishes(options))
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except LodestockError as error:
            refuse(self, error, as_json=options["json"])
            return
        if out is not None:
            out.write_text(found.text, encoding="utf-8")
        self._tell(found, out, as_json=options["json"])

    def _tell(self, found: Draft, out: Path | None, *, as_json: bool) -> None:
        if as_json:
            told = {"ok": True, "contract": found.text, "checks": list(found.checks)}
            self.stdout.write(json.dumps(told | {"rows": found.rows}, ensure_ascii=False))
            return
        if out is None:
            self.stdout.write(found.text, ending="")
        asides = self.stdout if out is not None else self.stderr
        if out is not None:
            asides.write(f"{out}: {found.rows:,} rows looked at.")
        for check in found.checks:
            asides.write(f"CHECK {check}")


def _wishes(options: dict[str, Any]) -> Wishes:
    means = {}
    for given in options["means"]:
        role, equals, heading = given.partition("=")
        if not equals:
            sys.exit(f"--is {given}: write ROLE=HEADING, for example --is quantity=Bestand.")
        means[role.strip()] = heading.strip()
    return Wishes(
        name=options["name"] or (options["out"].stem if options["out"] else ""),
        sheet=options["sheet"],
        currency=options["currency"],
        time_zone=options["timezone"],
        site=options["site"],
        means=means,
    )
