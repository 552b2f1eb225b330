"""``lodestock quarantine list|fix|reject``: rows that wait for a person."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lodestock.feeds.errors import LodestockError
from lodestock.feeds.models import QuarantinedRow
from lodestock.feeds.selectors import open_rows
from lodestock.feeds.services import fix_and_replay, reject_row

from .import_feed import refuse


class Command(BaseCommand):
    help = "List quarantined rows, fix and replay one, or reject one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        listing = verbs.add_parser("list")
        listing.add_argument("--feed", default="")
        listing.add_argument("--limit", type=int, default=50)
        fixing = verbs.add_parser("fix")
        fixing.add_argument("row")
        fixing.add_argument("cells", nargs="*", metavar="COLUMN=TEXT")
        fixing.add_argument("--accept-change", action="store_true")
        rejecting = verbs.add_parser("reject")
        rejecting.add_argument("row")
        rejecting.add_argument("--reason", required=True)
        for verb in (listing, fixing, rejecting):
            verb.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = getattr(self, f"_{options['verb']}")(options)
        except LodestockError as error:
            refuse(self, error, as_json=options["json"])
            return
        if options["json"]:
            self.stdout.write(json.dumps({"ok": True, "rows": told}, ensure_ascii=False))
            return
        for row in told:
            words = f"{row['id']} line {row['line']} {row['status']}: {row['reason']}"
            self.stdout.write(words)

    def _list(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        rows = open_rows(feed=options["feed"])[: options["limit"]]
        return [_told(row) for row in rows]

    def _fix(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        row = QuarantinedRow.objects.by_sqid(options["row"])
        cells = dict(cell.split("=", 1) for cell in options["cells"])
        return [_told(fix_and_replay(row, cells=cells, accept_change=options["accept_change"]))]

    def _reject(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        row = QuarantinedRow.objects.by_sqid(options["row"])
        return [_told(reject_row(row, reason=options["reason"]))]


def _told(row: QuarantinedRow) -> dict[str, Any]:
    return {
        "id": row.sqid,
        "row": row.row_number,
        "line": row.line,
        "status": row.status,
        "code": row.code,
        "reason": row.reason,
        "cells": row.cells,
    }
