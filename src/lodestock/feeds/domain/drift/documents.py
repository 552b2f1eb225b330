"""Drift inside documents: rows of one order that no longer agree about the order."""

from __future__ import annotations

from collections.abc import Iterator

from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.drift.finding import Finding, breaking
from lodestock.feeds.domain.profile.tally import log_chance

WITHIN_MIN = 300
USUAL_MAX = 0.005


def inconsistent(comparison: Comparison) -> Iterator[Finding]:
    """A column that was the same on all rows of a document now varies inside documents."""
    for column, new, old in comparison.columns_of_all_forms():
        if old.within < WITHIN_MIN or new.within < 10:
            continue
        usual = (old.mixed + 1) / (old.within + 2)
        share = new.mixed / new.within
        risen = new.mixed >= 3 and usual <= USUAL_MAX and share >= 0.02 + 3 * usual
        if risen and log_chance(new.mixed, new.within, usual) < -6.0:
            yield breaking(
                column.name,
                "document_inconsistent",
                f"the same on all rows of a document ({1 - usual:.1%})",
                f"differs between rows in {share:.1%}",
                new.mixed,
                f"{new.mixed:,} times a row differs from the row above in the same document",
            )
