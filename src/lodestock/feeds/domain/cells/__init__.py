"""One cell: from the text that came to a typed value with one canonical spelling."""

from lodestock.feeds.domain.cells.cell import Cell, State
from lodestock.feeds.domain.cells.reading import ColumnReader
from lodestock.feeds.domain.cells.reviving import ColumnReviver

__all__ = ["Cell", "ColumnReader", "ColumnReviver", "State"]
