"""The three kinds of table. See each module for what belongs where."""

from .fact import Fact, FactQuerySet
from .history import History
from .projection import Projection
from .record import Record, RecordQuerySet

__all__ = ["Fact", "FactQuerySet", "History", "Projection", "Record", "RecordQuerySet"]
