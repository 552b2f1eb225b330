"""``lodestock import_feed CONTRACT FILE``: read a file under a contract, all of it or none."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from lodestock.feeds import telling
from lodestock.feeds.errors import LodestockError
from lodestock.feeds.services import answer_of, exit_code, import_feed
from lodestock.feeds.services.answers import REFUSED


class Command(BaseCommand):
    help = (
        "Import FILE under CONTRACT (a YAML file). Exit 0: all in; 1: some rows quarantined; "
        "2: the file was stopped or refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("contract", type=Path)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batch = import_feed(
                options["contract"],
                options["file"],
                dry_run=options["dry_run"],
                progress=progress_line(quiet=options["json"]),
            )
        except LodestockError as error:
            refuse(self, error, as_json=options["json"])
            return
        answer = answer_of(batch)
        self.stdout.write(telling.as_json(answer) if options["json"] else telling.as_words(answer))
        if code := exit_code(batch):
            sys.exit(code)


def progress_line(*, quiet: bool) -> Any:
    """A counter on the terminal's own line; silent where nobody watches."""

    def tell(done: int, total: int) -> None:
        if not quiet and sys.stderr.isatty():
            end = "\n" if done >= total else ""
            sys.stderr.write(f"\r{done:,} of {total:,} rows applied{end}")
            sys.stderr.flush()

    return tell


def refuse(command: BaseCommand, error: LodestockError, *, as_json: bool) -> None:
    """Say why nothing was done, in the shape that was asked for, and exit with 2."""
    if as_json:
        told = {"ok": False, "code": error.code, "error": error.detail, **_plain(error.params)}
        command.stdout.write(json.dumps(told, ensure_ascii=False, default=str))
    else:
        command.stderr.write(error.detail)
    sys.exit(REFUSED)


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in params.items() if key not in {"ok", "code", "error"}}
