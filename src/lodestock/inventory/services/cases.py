"""Stock below zero, by permission or by a site's rule, is a case for somebody at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lodestock.attention.services import open_case
from lodestock.kernel.ids import encode

RULE_NOW = "stock_below_zero"
RULE_PAST = "past_stock_below_zero"


def open_cases(below_zero: Sequence[dict[str, Any]], past: Sequence[dict[str, Any]]) -> None:
    """Open one case for each balance row that is, or was in the past, below zero."""
    for rule, found, when in ((RULE_NOW, below_zero, "now"), (RULE_PAST, past, "in the past")):
        for row in found:
            open_case(
                rule=rule,
                severity="high",
                subject_type="inventory.balance",
                subject_id=f"{row['variant_id']}:{row['location_id']}:{row['lot_id']}",
                title=f"Stock below zero {when}: {row['on_hand']}",
                evidence=_public(row),
                case_type="stock",
            )


def _public(row: dict[str, Any]) -> dict[str, Any]:
    shown = {key: row[key] for key in ("on_hand", "before") if key in row}
    return shown | {
        "variant": encode("catalog.variant", row["variant_id"]),
        "location": encode("locations.location", row["location_id"]),
        "lot": encode("inventory.lot", row["lot_id"]) if row["lot_id"] else None,
    }
