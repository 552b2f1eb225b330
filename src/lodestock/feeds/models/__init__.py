"""The tables of feeds."""

from .contracts import ContractVersion, Feed, FeedHistory
from .imports import DriftReport, Import, ImportProfile
from .rows import FeedRow, PlannedRow, QuarantinedRow, StagedRow
from .store import RawFile, RawRedaction

__all__ = [
    "ContractVersion",
    "DriftReport",
    "Feed",
    "FeedHistory",
    "FeedRow",
    "Import",
    "ImportProfile",
    "PlannedRow",
    "QuarantinedRow",
    "RawFile",
    "RawRedaction",
    "StagedRow",
]
