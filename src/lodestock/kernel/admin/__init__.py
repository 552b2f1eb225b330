"""The back office: base classes, and the history, read-only, by record."""

from .base import HistoryAdmin, ReadableAdmin, ReadOnlyAdmin, RecordAdmin
from .verbs import ReadOnlyInline, VerbAdmin

__all__ = [
    "HistoryAdmin",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "ReadableAdmin",
    "RecordAdmin",
    "VerbAdmin",
]
