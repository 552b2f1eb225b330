"""Rows of a contract: bound to its columns, typed, classed, and known again."""

from lodestock.feeds.domain.rows.batch import Batch, Problem
from lodestock.feeds.domain.rows.binding import Binding, bind
from lodestock.feeds.domain.rows.engine import RowEngine
from lodestock.feeds.domain.rows.identity import content_hash, key_hash, split_content

__all__ = [
    "Batch",
    "Binding",
    "Problem",
    "RowEngine",
    "bind",
    "content_hash",
    "key_hash",
    "split_content",
]
