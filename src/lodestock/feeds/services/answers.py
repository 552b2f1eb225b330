"""The one object an import prints or returns."""

from __future__ import annotations

from typing import Any

from lodestock.feeds.domain.lifecycle import ImportStatus
from lodestock.feeds.models import DriftReport, Import

OK, QUARANTINED, REFUSED = 0, 1, 2


def answer_of(batch: Import) -> dict[str, Any]:
    """Counts, totals, classes and drift of an import; decimals are text."""
    report = DriftReport.objects.filter(batch=batch).order_by("-id").first()
    kept = {key: value for key, value in batch.answer.items() if key != "tally"}
    drift = kept.pop("drift", None)
    if drift is None:
        drift = report.findings if report else []
    return {
        "ok": exit_code(batch) == OK,
        "sha256": batch.raw_file.sha256,
        "rows": {
            "received": batch.received,
            "applied": batch.applied,
            "unchanged": batch.unchanged,
            "quarantined": batch.quarantined,
            "rejected": batch.rejected,
        },
        "totals": kept.pop("totals", empty_totals()),
        "classes": kept.pop("classes", {}),
        "drift": drift,
        "import": batch.sqid,
        "status": batch.status,
        "contract": f"{batch.feed.code} {batch.contract_version.version}",
        "form": {"name": batch.form, **batch.stated},
        "report": report.sqid if report else None,
        "error": batch.error,
        "next": next_step(batch, report),
        **kept,
    }


def empty_totals() -> dict[str, Any]:
    return {
        "purchase_orders": {"count": 0, "value": "0.00"},
        "sales_orders": {"count": 0, "value": "0.00"},
        "shipments": {"count": 0},
        "pointers": {"found": 0, "resolved": 0},
    }


def exit_code(batch: Import) -> int:
    """0 all in · 1 something is quarantined · 2 the file was stopped or refused."""
    if batch.status != ImportStatus.FINISHED or batch.answer.get("stopped"):
        return REFUSED
    return QUARANTINED if batch.quarantined else OK


def next_step(batch: Import, report: DriftReport | None) -> str:
    """What a person may do now."""
    if batch.status == ImportStatus.HELD and report is not None:
        return (
            f"No row was applied. Look at the drift, then run 'lodestock confirm_drift "
            f"{report.sqid}' to accept its fixes and replay the file, or reject it."
        )
    if batch.status == ImportStatus.REFUSED:
        return "Nothing was applied. Correct what the error names and send the file again."
    if batch.dry_run:
        return "This was a dry run: nothing was applied, and nothing waits in quarantine."
    if batch.quarantined:
        return "Fix or reject the quarantined rows: 'lodestock quarantine list'."
    return ""
