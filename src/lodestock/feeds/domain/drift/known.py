"""Drift against what is known: the same keys come back with another meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from lodestock.feeds.domain.cells.dates import DatePattern
from lodestock.feeds.domain.cells.reading import SPARED
from lodestock.feeds.domain.contract.model import Column
from lodestock.feeds.domain.drift.context import Comparison, KnownChange
from lodestock.feeds.domain.drift.finding import Finding, breaking
from lodestock.feeds.domain.drift.sequence import exchanged_day

ROWS_MIN = 3
ROWS_SHARE = 0.1
DOCUMENTS_MIN = 2
DOCUMENTS_SHARE = 0.2


def rows_changed(comparison: Comparison) -> Iterator[Finding]:
    """So many known rows differ in one column that it is the feed that has changed.

    A few changed rows are corrections; they are quarantined one by one instead.
    """
    known = comparison.known
    for name, rows in known.by_column.items():
        if rows < max(ROWS_MIN, known.known * ROWS_SHARE):
            continue
        samples = known.samples.get(name, ())
        yield _finding(comparison, name, rows, samples, "rows")


def documents_moved(comparison: Comparison) -> Iterator[Finding]:
    """Documents already known come back under another date."""
    known, name = comparison.known, comparison.contract.identity.date
    if not name or known.moved < max(DOCUMENTS_MIN, known.documents * DOCUMENTS_SHARE):
        return
    yield _finding(comparison, name, known.moved, known.moved_samples, "documents")


def _finding(
    comparison: Comparison,
    name: str,
    rows: int,
    samples: Sequence[KnownChange],
    what: str,
) -> Finding:
    column = comparison.binding_column(name)
    fix = _exchange_fix(comparison, column, samples) if column.is_date else None
    first = samples[0] if samples else KnownChange(0, "", "", "")
    return breaking(
        name,
        f"known_{what}_changed",
        (fix or {}).get("instead_of", first.old),
        (fix or {}).get("pattern", first.new),
        rows,
        f"{rows:,} {what} already known come with another {name}, e.g. row {first.row}: "
        f"{first.old} is now {first.new}",
        samples=[f"{change.key}: {change.old} → {change.new}" for change in samples[:5]],
        fix=fix,
    )


def _exchange_fix(
    comparison: Comparison, column: Column, samples: Sequence[KnownChange]
) -> dict[str, str] | None:
    """Reading day and month the other way round, when that restores every known date."""
    profile = comparison.new.columns.get(column.name)
    if not samples or profile is None or not profile.dialects:
        return None
    pattern = DatePattern.compile(profile.dialects.main().removesuffix(SPARED).partition(" (")[0])
    turned = pattern.swapped()
    if turned is None or not all(_is_exchanged(change) for change in samples):
        return None
    return {
        "action": "read_dates_as",
        "column": column.name,
        "pattern": turned.text,
        "instead_of": pattern.text,
    }


def _is_exchanged(change: KnownChange) -> bool:
    try:
        old, new = date.fromisoformat(change.old[:10]), date.fromisoformat(change.new[:10])
    except ValueError:
        return False
    return exchanged_day(new.toordinal()) == old.toordinal()
