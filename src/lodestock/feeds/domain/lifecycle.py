"""The lives of a contract version, an import, a drift report and a quarantined row."""

from __future__ import annotations

from enum import StrEnum

from lodestock.kernel.states import Machine, moves


class VersionStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


CONTRACT_VERSION = Machine(
    "Contract version",
    VersionStatus,
    initial=VersionStatus.DRAFT,
    transitions={
        "activate": moves(
            VersionStatus.ACTIVE, from_=[VersionStatus.DRAFT, VersionStatus.DEPRECATED]
        ),
        "deprecate": moves(VersionStatus.DEPRECATED, from_=[VersionStatus.ACTIVE]),
        "retire": moves(
            VersionStatus.RETIRED, from_=[VersionStatus.DRAFT, VersionStatus.DEPRECATED]
        ),
    },
)


class ImportStatus(StrEnum):
    """``HELD``: drift was found and a person must decide. ``REFUSED``: cannot be read at all."""

    RECEIVED = "received"
    STAGED = "staged"
    APPLYING = "applying"
    FINISHED = "finished"
    HELD = "held"
    REFUSED = "refused"
    REJECTED = "rejected"


UNFINISHED = (ImportStatus.RECEIVED, ImportStatus.STAGED, ImportStatus.APPLYING)
ENDED = (ImportStatus.FINISHED, ImportStatus.HELD, ImportStatus.REFUSED, ImportStatus.REJECTED)

IMPORT = Machine(
    "Import",
    ImportStatus,
    initial=ImportStatus.RECEIVED,
    transitions={
        "stage": moves(ImportStatus.STAGED, from_=[ImportStatus.RECEIVED]),
        "apply": moves(ImportStatus.APPLYING, from_=[ImportStatus.STAGED]),
        "finish": moves(ImportStatus.FINISHED, from_=[ImportStatus.STAGED, ImportStatus.APPLYING]),
        "hold": moves(ImportStatus.HELD, from_=[ImportStatus.STAGED]),
        "refuse": moves(ImportStatus.REFUSED, from_=[ImportStatus.RECEIVED]),
        "release": moves(ImportStatus.RECEIVED, from_=[ImportStatus.HELD]),
        "reject": moves(ImportStatus.REJECTED, from_=[ImportStatus.HELD]),
        # A crash between parsing and planning: the rows are staged again from the raw file.
        "restage": moves(ImportStatus.RECEIVED, from_=[ImportStatus.STAGED]),
    },
)


class ReportStatus(StrEnum):
    """``RECORDED``: additive only, nothing to decide."""

    RECORDED = "recorded"
    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


DRIFT_REPORT = Machine(
    "Drift report",
    ReportStatus,
    initial=ReportStatus.OPEN,
    transitions={
        "confirm": moves(ReportStatus.CONFIRMED, from_=[ReportStatus.OPEN]),
        "reject": moves(ReportStatus.REJECTED, from_=[ReportStatus.OPEN]),
    },
)


class QuarantineStatus(StrEnum):
    """``HELD``: the whole file waits for a decision; the row itself may be in order."""

    OPEN = "open"
    HELD = "held"
    REPLAYED = "replayed"
    REJECTED = "rejected"


QUARANTINED_ROW = Machine(
    "Quarantined row",
    QuarantineStatus,
    initial=QuarantineStatus.OPEN,
    transitions={
        "replay": moves(
            QuarantineStatus.REPLAYED, from_=[QuarantineStatus.OPEN, QuarantineStatus.HELD]
        ),
        "reject": moves(
            QuarantineStatus.REJECTED, from_=[QuarantineStatus.OPEN, QuarantineStatus.HELD]
        ),
    },
)
