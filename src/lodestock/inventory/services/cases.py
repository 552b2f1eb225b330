"""Stock below zero, and a promise whose goods were lost, are cases for somebody at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lodestock.attention.services import open_case
from lodestock.kernel.ids import encode

RULE_NOW = "stock_below_zero"
RULE_PAST = "past_stock_below_zero"
RULE_PROMISE = "promised_stock_lost"


def open_cases(
    below_zero: Sequence[dict[str, Any]],
    past: Sequence[dict[str, Any]],
    short: Sequence[dict[str, Any]] = (),
) -> None:
    """Open one case for each balance row that is, or was in the past, below zero, and for each
    promise that fell short by a loss.
    """
    for row in short:
        _open_broken_promise(row)
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


def _open_broken_promise(row: dict[str, Any]) -> None:
    short = row["short"].rstrip("0").rstrip(".")
    open_case(
        rule=RULE_PROMISE,
        severity="high",
        subject_type="inventory.reservation",
        subject_id=row["reservation_id"],
        title=f"{short} of {row['sku']} promised to {row['reference_type']}"
        f" {row['reference_id']} are gone",
        evidence={
            "reservation": encode("inventory.reservation", row["reservation_id"]),
            "variant": encode("catalog.variant", row["variant_id"]),
            **{key: row[key] for key in ("reference_type", "reference_id", "lost", "short")},
        },
        case_type="stock",
    )


def _public(row: dict[str, Any]) -> dict[str, Any]:
    shown = {key: row[key] for key in ("on_hand", "before") if key in row}
    return shown | {
        "variant": encode("catalog.variant", row["variant_id"]),
        "location": encode("locations.location", row["location_id"]),
        "lot": encode("inventory.lot", row["lot_id"]) if row["lot_id"] else None,
    }
