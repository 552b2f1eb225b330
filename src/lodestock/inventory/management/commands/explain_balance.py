"""``lodestock explain_balance SKU LOCATION``: the postings whose sum is the balance."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lodestock.catalog.selectors import variant_by_sku
from lodestock.inventory.selectors import Explanation, explain_all
from lodestock.kernel.errors import LodestockError
from lodestock.locations.selectors import location_by_path


class Command(BaseCommand):
    help = "List the postings whose sum is the balance of an article in a place."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sku")
        parser.add_argument("location", help="path, such as WH1/Z2/A03/R07/B2")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            variant = variant_by_sku(options["sku"])
            place = location_by_path(options["location"])
        except LodestockError as error:
            sys.exit(error.detail)
        found = list(explain_all(variant.id, place.id))
        ok = all(explanation.ok for explanation in found)
        if options["json"]:
            rows = [asdict(e) | {"total": e.total, "ok": e.ok} for e in found]
            self.stdout.write(json.dumps({"ok": ok, "balances": rows}, default=str))
        else:
            for explanation in found:
                self._tell(explanation)
        if not ok:
            sys.exit(1)

    def _tell(self, explanation: Explanation) -> None:
        kept = explanation.balance
        self.stdout.write(f"lot {kept.lot_id or '-'} {kept.status} owner {kept.owner_id or '-'}")
        for step in explanation.steps:
            self.stdout.write(
                f"  {step.recorded_at:%Y-%m-%d %H:%M:%S}  {step.kind:<9} {step.quantity:>+18,f}"
                f" {step.balance:>18,f}  {step.reference_type} {step.reference_id} {step.step}"
            )
        verdict = "" if explanation.ok else "  DIFFERS FROM THE SUM OF ITS MOVEMENTS"
        self.stdout.write(
            f"  on hand {kept.on_hand:,f}, reserved {kept.reserved:,f},"
            f" sum of movements {explanation.total:,f}{verdict}"
        )
