"""From bytes to rows: compression, encoding, separator and line ends are found and stated."""

from lodestock.feeds.domain.source.form import FileForm
from lodestock.feeds.domain.source.limits import Limits
from lodestock.feeds.domain.source.reader import RawRow, RowSource, open_source
from lodestock.feeds.domain.source.sniffing import sniff

__all__ = ["FileForm", "Limits", "RawRow", "RowSource", "open_source", "sniff"]
