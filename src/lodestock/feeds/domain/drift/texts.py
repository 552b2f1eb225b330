"""Drift of texts and codes: new shapes, another letter case, old values under new names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lodestock.feeds.domain.drift import declared
from lodestock.feeds.domain.drift.context import HISTORY_ROWS_MIN, Comparison
from lodestock.feeds.domain.drift.finding import Finding, breaking
from lodestock.feeds.domain.profile import ColumnProfile
from lodestock.feeds.domain.profile.shapes import undoubled
from lodestock.feeds.domain.profile.tally import OTHER, Tally, log_chance, surprise

TEXTUAL = frozenset({"text", "code"})
SHAPE_SHARE = 0.3
CHANCE_MAX = -6.0
NEW_MAX = -5.0
LEFT_MAX = 0.1
VARIED_MAX = 0.1
GARBLED_MIN = 3
DOMINANT_MIN = 0.8
"""Only a value that nearly every document had is missed: others come and go with the season."""


def new_shapes(comparison: Comparison) -> Iterator[Finding]:
    """Many codes have a shape this column never had: ``17850.0`` where ``17850`` was usual.

    Free texts have too many shapes for this to say anything. A shape that the contract's own
    classes and flags describe is not new because a short history has not met it yet.
    """
    for column, new, old in comparison.columns():
        if column.type != "code" or old.shapes.rows < HISTORY_ROWS_MIN:
            continue
        if old.shapes.share(OTHER) > VARIED_MAX:
            continue
        known = old.shapes.keys() | declared.shapes(comparison.contract, column, old.shapes)
        unseen = Tally({shape: n for shape, n in new.shapes.items() if shape not in known})
        if not unseen or not _surprising(unseen, new, old):
            continue
        yield breaking(
            column.name,
            "new_shape",
            old.shapes.main(),
            unseen.main(),
            unseen.rows,
            f"{unseen.rows:,} of {new.rows:,} cells have shapes never seen in {old.rows:,} before",
        )


def _surprising(unseen: Tally, new: ColumnProfile, old: ColumnProfile) -> bool:
    """A new spelling takes the place of the usual one: then every row written the usual way tells
    of it. Where that still stands beside it, cells of one document are alike even if they differ,
    and only documents count."""
    replaced = new.shapes.get(old.shapes.main(), (0, 0))[0] <= new.shapes.rows * LEFT_MAX
    by_rows = replaced and new.varies
    hits, total = unseen.evidence(by_rows=by_rows), new.shapes.evidence(by_rows=by_rows)
    if hits < total * SHAPE_SHARE:
        return False
    once = sum(1 for rows, heads in old.shapes.values() if (rows if replaced else heads) == 1)
    return surprise(hits, total, once, old.shapes.evidence(by_rows=replaced)) < NEW_MAX


def spelling_shifted(comparison: Comparison) -> Iterator[Finding]:
    """Letter case: nearly all rows are now spelled as hardly any were."""
    for column, new, old in comparison.columns():
        if column.type != "text":
            continue
        total = new.dialects.evidence(by_rows=new.varies)
        for case, pair in new.dialects.items():
            hits = Tally({case: pair}).evidence(by_rows=new.varies)
            usual = (old.dialects.get(case, (0, 0))[0] + 1) / (old.dialects.rows + 2)
            shifted = hits >= total * 0.9 and usual <= 0.1
            if shifted and log_chance(hits, total, usual) < 2 * CHANCE_MAX:
                words = f"{pair[0]:,} of {new.rows:,} cells; before {usual:.1%}"
                yield breaking(
                    column.name, "letter_case", old.dialects.main(), case, pair[0], words
                )


def values_recoded(comparison: Comparison) -> Iterator[Finding]:
    """Values of a short list come back under other names."""
    for column, new, old in comparison.columns_of_all_forms():
        if column.type not in TEXTUAL or old.many or not old.values or len(old.values) > 100:
            continue
        yield from _respelled(column.name, new, old)
        yield from _replaced(column.name, new, old)


def _respelled(name: str, new: ColumnProfile, old: ColumnProfile) -> Iterator[Finding]:
    """The same words in other letters: ``united kingdom``, or doubly encoded."""
    plain = {plain_words(value): value for value in old.values}
    hits = {
        value: plain[plain_words(value)]
        for value in new.values
        if value not in old.values
        and plain_words(value) in plain
        and plain[plain_words(value)] not in new.values
    }
    rows = sum(new.values[value][0] for value in hits)
    if rows and rows >= max(3, new.rows * 0.02):
        value = max(hits, key=lambda text: new.values[text][0])
        yield breaking(
            name,
            "value_respelled",
            hits[value],
            value,
            rows,
            f"{len(hits)} known values are spelled differently",
            samples=list(hits)[:5],
        )


def _replaced(name: str, new: ColumnProfile, old: ColumnProfile) -> Iterator[Finding]:
    """The usual value is gone, a never seen one has its share, and the others are still there."""
    main = old.values.main()
    usual = old.values.share(main)
    unseen = Tally({value: n for value, n in new.values.items() if value not in old.values})
    total = new.values.heads
    if main in new.values or usual < DOMINANT_MIN or len(old.values) < 3:
        return
    heir = unseen.main()
    others = total - unseen.get(heir, (0, 0))[1]
    known_others = total - unseen.heads
    if unseen.share(heir) * unseen.heads < total * usual * 0.6 or known_others * 2 < others:
        return
    missing_before = old.values.heads - old.values[main][1]
    if surprise(total, total, missing_before, old.values.heads) < NEW_MAX:
        yield breaking(
            name,
            "value_replaced",
            main,
            heir,
            unseen.rows,
            f"{main!r} stood in {usual:.0%} of the rows before and in none now",
            samples=list(unseen)[:5],
        )


def encoded_twice(comparison: Comparison) -> Iterator[Finding]:
    """Every accent of the file is two characters: UTF-8 was taken for something else and saved."""
    accented = sum(profile.accented for profile in comparison.new.columns.values())
    garbled = sum(profile.garbled for profile in comparison.new.columns.values())
    whole_file = garbled >= accented * 0.9
    for column, new, old in comparison.columns():
        enough = 1 if old.accented else GARBLED_MIN
        if not whole_file or new.garbled < enough or old.garbled:
            continue
        yield breaking(
            column.name,
            "encoded_twice",
            "accents as written",
            "accents encoded twice",
            new.garbled,
            f"{new.garbled:,} of {new.accented:,} cells with accents read right after undoing it",
        )


def plain_words(value: str) -> str:
    """Small letters without spaces and stops, with a doubly encoded text put right."""
    value = undoubled(value) or value
    return re.sub(r"[\s_.,-]+", "", value).casefold()
