"""The life of a case, and the closed lists around it."""

from __future__ import annotations

from enum import StrEnum

from lodestock.kernel.states import Machine, moves


class CaseStatus(StrEnum):
    """``closed`` is the end; the same situation met again opens a new case."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


class Severity(StrEnum):
    """How soon somebody must look: ``critical`` now, ``high`` today, ``low`` some day."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for ``low``; a case never falls in severity while it is open."""
        return list(Severity).index(self)


class CaseType(StrEnum):
    """Which part of the business it concerns."""

    FEED = "feed"
    STOCK = "stock"
    ORDER = "order"
    SHIPMENT = "shipment"
    QUALITY = "quality"
    COST = "cost"
    SYSTEM = "system"


class Resolution(StrEnum):
    """How a case ended. ``cleared``: the situation went away by itself."""

    FIXED = "fixed"
    CLEARED = "cleared"
    ACCEPTED = "accepted"
    FALSE_ALARM = "false_alarm"


LIVE = (CaseStatus.OPEN, CaseStatus.ACKNOWLEDGED, CaseStatus.IN_PROGRESS)

CASE = Machine(
    "Case",
    CaseStatus,
    initial=CaseStatus.OPEN,
    transitions={
        "acknowledge": moves(CaseStatus.ACKNOWLEDGED, from_=[CaseStatus.OPEN]),
        "start": moves(CaseStatus.IN_PROGRESS, from_=[CaseStatus.OPEN, CaseStatus.ACKNOWLEDGED]),
        "close": moves(CaseStatus.CLOSED, from_=LIVE),
    },
)
