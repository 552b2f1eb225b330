"""Drift of the outer form: format, separator, encoding, line ends."""

from __future__ import annotations

from collections.abc import Iterator

from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.drift.finding import Finding, additive, breaking


def format_changed(comparison: Comparison) -> Iterator[Finding]:
    wanted, found = comparison.contract.format.kind, comparison.form.kind
    if wanted != found:
        yield breaking(
            "format",
            "format_changed",
            wanted,
            found,
            comparison.new.rows,
            comparison.form.evidence.get("format", f"the file is {found}"),
            fix={"action": "accept_format", "kind": found},
        )


def separator_changed(comparison: Comparison) -> Iterator[Finding]:
    if comparison.form.kind != "delimited":
        return
    found = comparison.form.separator_name
    usual = _usual(comparison, "separator", comparison.contract.format.separators)
    if usual and found not in usual:
        yield breaking(
            "separator",
            "separator_changed",
            " or ".join(usual),
            found,
            comparison.new.rows,
            comparison.form.evidence.get("separator", ""),
            fix={"action": "accept_separator", "separator": found, "usual": usual},
        )


def encoding_changed(comparison: Comparison) -> Iterator[Finding]:
    """ASCII text reads the same in every encoding but the wide ones, so it proves nothing."""
    form = comparison.form
    if form.kind == "xlsx" or form.ascii_only:
        return
    usual = _usual(comparison, "encoding", comparison.contract.format.encodings)
    history = comparison.old
    if history is not None and history.ascii_only and not comparison.contract.format.encodings:
        return
    if usual and form.encoding not in usual:
        yield breaking(
            "encoding",
            "encoding_changed",
            " or ".join(usual),
            form.encoding,
            comparison.new.rows,
            form.evidence.get("encoding", ""),
            fix={"action": "accept_encoding", "encoding": form.encoding, "usual": usual},
        )


def line_ends_changed(comparison: Comparison) -> Iterator[Finding]:
    """Line ends carry no meaning: stated and recorded, not stopped, unless the contract says so."""
    form = comparison.form
    if form.kind != "delimited" or form.line_ends == "none":
        return
    declared = comparison.contract.format.line_ends
    words = (comparison.new.rows, form.evidence.get("line_ends", ""))
    if declared and form.line_ends not in declared:
        yield breaking(
            "line_ends",
            "line_ends_changed",
            " or ".join(declared),
            form.line_ends,
            *words,
            fix={"action": "accept_line_ends", "line_ends": form.line_ends},
        )
    elif not declared:
        usual = _usual(comparison, "line_ends", ())
        if usual and form.line_ends not in usual:
            old = " or ".join(usual)
            yield additive("line_ends", "line_ends_changed", old, form.line_ends, *words)


def _usual(comparison: Comparison, trait: str, declared: tuple[str, ...]) -> tuple[str, ...]:
    """What the contract declares; where it is silent, what the history has seen."""
    if declared:
        return declared
    history = comparison.old
    return tuple(sorted(history.traits.get(trait, {}))) if history else ()
