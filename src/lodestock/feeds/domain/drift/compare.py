"""Asks every rule and puts the answers in order; a shape already explained is not told twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lodestock.feeds.domain.drift import (
    cells,
    dates,
    documents,
    empties,
    header,
    known,
    numbers,
    outer,
    relations,
    texts,
)
from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.drift.finding import Finding

Rule = Callable[[Comparison], Iterable[Finding]]

SHAPE_RULES: tuple[Rule, ...] = (
    outer.format_changed,
    outer.separator_changed,
    outer.encoding_changed,
    outer.line_ends_changed,
    header.columns_missing,
    header.columns_unknown,
    header.columns_doubled,
    header.columns_reordered,
    cells.new_values,
    cells.unreadable_cells,
    dates.repair_incoherent,
    texts.new_shapes,
    texts.spelling_shifted,
    texts.values_recoded,
    texts.encoded_twice,
    empties.emptied,
    numbers.spelling_changed,
)
MEANING_RULES: tuple[Rule, ...] = (
    known.rows_changed,
    known.documents_moved,
    dates.swapped,
    dates.order_broken,
    numbers.rescaled,
    numbers.sign_flipped,
    relations.product_broken,
    relations.prices_moved,
    documents.inconsistent,
)


def compare(comparison: Comparison) -> list[Finding]:
    """All findings, breaking ones first. Empty for a clean file."""
    findings = [finding for rule in SHAPE_RULES for finding in rule(comparison)]
    explained = {finding.field for finding in findings if finding.severity == "breaking"}
    for rule in MEANING_RULES:
        findings += [finding for finding in rule(comparison) if finding.field not in explained]
    return sorted(_first_of_each(findings), key=lambda finding: finding.severity != "breaking")


def _first_of_each(findings: list[Finding]) -> list[Finding]:
    """One breaking finding per field: the first rule that spoke has the best words for it."""
    kept: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        which = "" if finding.severity == "breaking" else finding.code
        kept.setdefault((finding.field, which), finding)
    return list(kept.values())
