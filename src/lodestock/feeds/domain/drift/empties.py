"""Drift of presence: a column that used to say something has fallen silent."""

from __future__ import annotations

from collections.abc import Iterator

from lodestock.feeds.domain.drift import declared
from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.drift.finding import Finding, breaking
from lodestock.feeds.domain.profile import ColumnProfile
from lodestock.feeds.domain.profile.tally import Tally, surprise

CHANCE_MAX = -5.0
GONE_MIN = 0.98
ALWAYS_FILLED = 0.02
HOLES_MIN = 0.2


def emptied(comparison: Comparison) -> Iterator[Finding]:
    """A column is empty throughout, or a required one has holes in many rows."""
    for column, new, old in comparison.columns():
        empty = new.states.get("empty", (0, 0))[0]
        foreseen = declared.may_be_empty(comparison.contract, column)
        if _silent(new, old, foreseen=foreseen) or _holes(new, old, required=column.required):
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


def _silent(new: ColumnProfile, old: ColumnProfile, *, foreseen: bool) -> bool:
    """Judged by documents, because one long walk-in invoice may lack a customer throughout, and
    only as surely as the documents seen so far allow: a handful without a gap promises nothing.

    Unless no row ever had a gap and the contract does not foresee one: then every row vouches.
    """
    if _share(new) < GONE_MIN:
        return False
    hits, trials = (tally.evidence(by_rows=old.varies) for tally in (_empty(new), new.states))
    always = not foreseen and not _empty(old)
    seen, known = (
        tally.evidence(by_rows=always or old.varies) for tally in (_empty(old), old.states)
    )
    return surprise(hits, trials, seen, known) < CHANCE_MAX


def _empty(profile: ColumnProfile) -> Tally:
    return Tally({name: pair for name, pair in profile.states.items() if name == "empty"})


def _holes(new: ColumnProfile, old: ColumnProfile, *, required: bool) -> bool:
    if not required or _share(new) < HOLES_MIN or _share(old) > ALWAYS_FILLED:
        return False
    return new.rows * _share(new) >= 3
