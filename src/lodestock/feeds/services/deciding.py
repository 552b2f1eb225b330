"""A person's answer to drift: confirm the fixes and replay the file, or reject it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lodestock.feeds.domain.contract import parse_contract
from lodestock.feeds.domain.drift import amend
from lodestock.feeds.domain.lifecycle import DRIFT_REPORT, IMPORT, ImportStatus, ReportStatus
from lodestock.feeds.errors import AlreadyDecided
from lodestock.feeds.models import ContractVersion, DriftReport, Import, QuarantinedRow
from lodestock.kernel.clock import now
from lodestock.kernel.context import current
from lodestock.kernel.db import transaction

from .contracts import add_amended
from .importing import Progress, run_import, silent
from .judging import clear_alarm

Fix = Mapping[str, Any]


def confirm_drift(
    report: DriftReport,
    *,
    fixes: Sequence[Fix] | None = None,
    activate: bool | None = None,
    note: str = "",
    progress: Progress = silent,
) -> Import:
    """Accept what has changed and replay the file. Returns the ended import.

    Raises what ``decide_drift`` raises, and ``FeedBusy``.
    """
    batch = decide_drift(report, fixes=fixes, activate=activate, note=note)
    return run_import(batch, progress=progress)


def decide_drift(
    report: DriftReport,
    *,
    fixes: Sequence[Fix] | None = None,
    activate: bool | None = None,
    note: str = "",
) -> Import:
    """Accept what has changed; the import is then ready to be run again.

    ``fixes`` replace the proposed ones. They become the next minor version of the contract. It
    reads later files too when the old and the new spelling can be told apart; where it takes the
    place of a spelling that looks the same (day and month exchanged) it only reads this file,
    unless ``activate`` says otherwise. Raises ``AlreadyDecided``, and ``InvalidContract`` when
    the fixes do not make a valid contract.
    """
    with transaction():
        report = _undecided(report)
        batch = Import.objects.select_for_update().get(pk=report.batch_id)
        chosen = list(fixes) if fixes is not None else proposed_fixes(report)
        batch.contract_version = _version(batch, chosen, report, activate)
        batch.confirmed_fields = [finding["field"] for finding in report.findings]
        batch.status = IMPORT.target(batch.status, "release", label=batch.sqid)
        batch.save()
        _decide(report, "confirm", note, chosen)
    return batch


def proposed_fixes(report: DriftReport) -> list[dict[str, Any]]:
    """The fix of every breaking finding; plain acceptance where there is nothing to change."""
    return [
        finding["fix"] or {"action": "accept_drift", "column": finding["field"]}
        for finding in report.findings
        if finding["severity"] == "breaking"
    ]


def reject_drift(report: DriftReport, *, note: str = "") -> Import:
    """Turn the file away: its rows end as rejected, the bytes stay. Raises ``AlreadyDecided``."""
    with transaction():
        report = _undecided(report)
        batch = Import.objects.select_for_update().get(pk=report.batch_id)
        batch.status = IMPORT.target(batch.status, "reject", label=batch.sqid)
        batch.rejected, batch.quarantined = batch.quarantined, 0
        batch.save()
        held = QuarantinedRow.objects.filter(batch=batch, status="held")
        held.update(status="rejected", decided_at=now(), decided_by=current().actor_id)
        _decide(report, "reject", note, [])
        clear_alarm(batch, reason="The file was rejected.")
    return batch


def _undecided(report: DriftReport) -> DriftReport:
    report = DriftReport.objects.select_for_update().get(pk=report.pk)
    batch = Import.objects.get(pk=report.batch_id)
    if report.status != ReportStatus.OPEN or batch.status != ImportStatus.HELD:
        raise AlreadyDecided(
            f"Drift report {report.sqid} is {report.status} and its import {batch.status}: "
            "there is nothing left to decide.",
            report=report.sqid,
            status=report.status,
        )
    return report


def _version(
    batch: Import, fixes: Sequence[Fix], report: DriftReport, activate: bool | None
) -> ContractVersion:
    before = batch.contract_version
    document = amend(before.document, fixes, form=batch.form)
    if {**document, "version": ""} == {**before.document, "version": ""}:
        return before
    parse_contract(json.dumps(document), name=f"{batch.feed.code} {document['version']}")
    if activate is None:
        activate = not any(fix.get("instead_of") for fix in fixes)
    fields = ", ".join(finding["field"] for finding in report.findings)
    note = f"Confirmed drift of {fields} in {batch.raw_file.name}"
    return add_amended(batch.feed, document, note=note, activate=activate)


def _decide(report: DriftReport, verb: str, note: str, fixes: Sequence[Fix]) -> None:
    report.status = DRIFT_REPORT.target(report.status, verb, label=report.sqid)
    report.fixes = [dict(fix) for fix in fixes]
    report.note = note[:300]
    report.decided_by, report.decided_at = current().actor_id, now()
    report.save()
