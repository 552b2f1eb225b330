"""Drift of presence: a column that used to say something has fallen silent."""

from __future__ import annotations

from collections.abc import Iterator

from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.drift.finding import Finding, breaking
from lodestock.feeds.domain.profile import ColumnProfile
from lodestock.feeds.domain.profile.tally import log_chance

CHANCE_MAX = -8.0
GONE_MIN = 0.98
ALWAYS_FILLED = 0.02
HOLES_MIN = 0.2
DOCUMENTS_MIN = 5


def emptied(comparison: Comparison) -> Iterator[Finding]:
    """A column is empty throughout, or a required one has holes in many rows."""
    for column, new, old in comparison.columns():
        empty = new.states.get("empty", (0, 0))[0]
        if _silent(new, old, required=column.required) or _holes(
            new, old, required=column.required
        ):
            yield breaking(
                column.name,
                "emptied",
                f"{1 - _share(old):.0%} filled",
                f"{1 - _share(new):.0%} filled",
                empty,
                f"{empty:,} of {new.rows:,} cells are empty",
            )


def _share(profile: ColumnProfile) -> float:
    return profile.states.get("empty", (0, 0))[0] / max(profile.rows, 1)


def _silent(new: ColumnProfile, old: ColumnProfile, *, required: bool) -> bool:
    """Judged by documents, because one long walk-in invoice may lack a customer throughout;
    a column that was always filled is judged by rows, given more than a few documents."""
    if _share(new) < GONE_MIN:
        return False
    if _share(old) <= ALWAYS_FILLED and (required or new.heads >= DOCUMENTS_MIN):
        return log_chance(new.rows, new.rows, _share(old) + 1 / (old.rows + 2)) < CHANCE_MAX
    usual = old.states.share("empty")
    return usual <= 0.9 and log_chance(new.heads, new.heads, usual) < CHANCE_MAX


def _holes(new: ColumnProfile, old: ColumnProfile, *, required: bool) -> bool:
    if not required or _share(new) < HOLES_MIN or _share(old) > ALWAYS_FILLED:
        return False
    return new.rows * _share(new) >= 3
