"""Compares a staged file with its feed's past and decides whether it may go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lodestock.feeds import events, ports
from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.drift import Comparison, Finding, compare
from lodestock.feeds.domain.lifecycle import IMPORT, ReportStatus
from lodestock.feeds.models import DriftReport, Import
from lodestock.kernel.clock import now
from lodestock.kernel.db import transaction

from .history import past_of
from .knowledge import known_rows
from .quarantine import hold_whole_file
from .staging import Staged

RULE = "feeds.contract_drift"


@dataclass(frozen=True, slots=True)
class Judgement:
    """``stopping`` findings nobody has confirmed yet; ``findings`` all of them."""

    findings: Sequence[Finding] = ()
    stopping: Sequence[Finding] = field(default_factory=tuple)


def judge(batch: Import, contract: Contract, staged: Staged) -> Judgement:
    """All drift of a staged and planned file."""
    past = past_of(batch.feed_id, batch.form)
    findings = compare(
        Comparison(
            contract=contract,
            binding=staged.binding,
            form=staged.form,
            new=staged.profile,
            old=past.same,
            pooled=past.pooled,
            known=known_rows(batch, contract),
        )
    )
    confirmed = set(batch.confirmed_fields)
    stopping = [
        finding
        for finding in findings
        if finding.severity == "breaking" and finding.field not in confirmed
    ]
    return Judgement(findings, stopping)


def report_additive(batch: Import, judgement: Judgement) -> None:
    """Record what is new but harmless."""
    if not judgement.findings:
        return
    found = [finding.as_json() for finding in judgement.findings]
    with transaction():
        report = DriftReport.objects.create(
            batch=batch, status=ReportStatus.RECORDED, findings=found
        )
        events.drift_detected(batch, report)


def hold(batch: Import, judgement: Judgement) -> DriftReport:
    """Stop the file before any row is applied: report, quarantine, event and case in one go."""
    found = [finding.as_json() for finding in judgement.findings]
    first = judgement.stopping[0]
    with transaction():
        report = DriftReport.objects.filter(batch=batch, status=ReportStatus.OPEN).first()
        if report is None:
            report = DriftReport(batch=batch)
        report.findings = found
        report.save()
        reason = f"the file waits for a decision: {first.field} was {first.old}, is {first.new}"
        hold_whole_file(batch, field=first.field[:63], reason=reason)
        batch.status = IMPORT.target(batch.status, "hold", label=batch.sqid)
        batch.quarantined, batch.applied, batch.unchanged, batch.rejected = batch.received, 0, 0, 0
        batch.finished_at = now()
        batch.save()
        events.drift_detected(batch, report)
        events.quarantined(batch, rows=batch.received, reason=reason)
        ring(batch, report, judgement.stopping)
    return report


def ring(batch: Import, report: DriftReport, stopping: Sequence[Finding]) -> None:
    """Open the case that names field, old and new pattern, and rows."""
    bell = ports.bell()
    if bell is None:
        return
    first = stopping[0]
    more = f" (and {len(stopping) - 1} more)" if len(stopping) > 1 else ""
    bell.ring(
        ports.Alarm(
            rule=RULE,
            severity="high",
            subject_type="feeds.feed",
            subject_id=batch.feed_id,
            title=f"{batch.feed.code}: {first.field} was {first.old}, is {first.new}{more}"[:200],
            evidence={
                "import": batch.sqid,
                "report": report.sqid,
                "sha256": batch.raw_file.sha256,
                "rows": batch.received,
                "findings": [
                    {
                        "field": finding.field,
                        "old": finding.old,
                        "new": finding.new,
                        "rows": finding.rows,
                        "evidence": finding.evidence,
                    }
                    for finding in stopping
                ],
            },
        )
    )


def clear_alarm(batch: Import, *, reason: str) -> None:
    """Close the feed's case."""
    bell = ports.bell()
    if bell is not None:
        bell.clear(rule=RULE, subject_type="feeds.feed", subject_id=batch.feed_id, reason=reason)
