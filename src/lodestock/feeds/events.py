"""Facts this room records about messages. Rows are counted, never quoted: they may name people."""

from __future__ import annotations

from lodestock.eventstore.services import append
from lodestock.eventstore.types import NewEvent
from lodestock.feeds.models import DriftReport, Import

AGGREGATE = "feeds.import"


def received(batch: Import) -> None:
    """A file is stored and will be read."""
    _tell(
        batch,
        "MessageReceived",
        {
            "import_id": batch.sqid,
            "sha256": batch.raw_file.sha256,
            "size_bytes": batch.raw_file.size_bytes,
            "contract": batch.feed.code,
            "version": batch.contract_version.version,
        },
    )


def quarantined(batch: Import, *, rows: int, reason: str) -> None:
    """Rows of a file wait for a person."""
    _tell(
        batch,
        "Quarantined",
        {
            "import_id": batch.sqid,
            "sha256": batch.raw_file.sha256,
            "contract": batch.feed.code,
            "rows": rows,
            "reason": reason,
        },
    )


def replayed(batch: Import, *, rows: int, applied: int) -> None:
    """Quarantined rows were taken up again."""
    _tell(
        batch,
        "Replayed",
        {
            "import_id": batch.sqid,
            "sha256": batch.raw_file.sha256,
            "contract": batch.feed.code,
            "rows": rows,
            "applied": applied,
        },
    )


def drift_detected(batch: Import, report: DriftReport) -> None:
    """A file does not look like its feed any more."""
    _tell(
        batch,
        "ContractDriftDetected",
        {
            "import_id": batch.sqid,
            "sha256": batch.raw_file.sha256,
            "contract": batch.feed.code,
            "version": batch.contract_version.version,
            "diff": [
                {key: finding[key] for key in ("field", "code", "severity", "old", "new", "rows")}
                for finding in report.findings
            ],
        },
    )


def _tell(batch: Import, event_type: str, payload: dict[str, object]) -> None:
    append(
        aggregate_type=AGGREGATE,
        aggregate_id=batch.pk,
        events=[NewEvent(event_type=event_type, payload=payload)],
    )
