"""Compares a file with the history of its feed before any of its rows is applied."""

from lodestock.feeds.domain.drift.compare import compare
from lodestock.feeds.domain.drift.context import Comparison, KnownChange, KnownRows
from lodestock.feeds.domain.drift.finding import Finding
from lodestock.feeds.domain.drift.fixes import amend

__all__ = ["Comparison", "Finding", "KnownChange", "KnownRows", "amend", "compare"]
