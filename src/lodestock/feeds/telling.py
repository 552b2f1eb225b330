"""How an import's answer is told on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

SHOWN_MAX = 12


def as_json(answer: Mapping[str, Any]) -> str:
    """One object on one line."""
    return json.dumps(answer, ensure_ascii=False)


def as_words(answer: Mapping[str, Any]) -> str:
    """A short report for people."""
    rows = answer["rows"]
    form = answer["form"]
    lines = [
        f"{answer['contract']} · {answer['status']} · sha256 {answer['sha256'][:16]}…",
        "form: " + ", ".join(f"{k} {form[k]}" for k in _FORM if form.get(k)),
        "rows: " + ", ".join(f"{name} {rows[name]:,}" for name in rows),
    ]
    for title, tell in _PARTS.items():
        found = answer.get(title)
        if found:
            lines += [f"{title}: {tell(found)}"]
    lines += [_finding(finding) for finding in answer["drift"][:SHOWN_MAX]]
    lines += [f"line {one['line']}: {one['reason']}" for one in answer.get("would_hold", ())]
    if answer["error"]:
        lines.append(f"refused: {answer['error']}")
    if answer["next"]:
        lines.append(answer["next"])
    return "\n".join(lines)


_FORM = ("format", "compression", "encoding", "separator", "line_ends")


def _totals(totals: Mapping[str, Any]) -> str:
    parts = []
    for name, figures in totals.items():
        inner = ", ".join(f"{key} {value}" for key, value in figures.items())
        parts.append(f"{name.replace('_', ' ')} ({inner})")
    return "; ".join(parts)


def _counts(found: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {count:,}" if isinstance(count, int) else f"{name} {count}"
        for name, count in found.items()
    )


_PARTS: dict[str, Callable[[Any], str]] = {
    "totals": _totals,
    "classes": _counts,
    "flags": _counts,
    "repairs": _counts,
    "openings": _counts,
}


def _finding(finding: Mapping[str, Any]) -> str:
    mark = "DRIFT" if finding["severity"] == "breaking" else "new"
    return (
        f"{mark} {finding['field']}: was {finding['old']}, is {finding['new']}"
        f" ({finding['rows']:,} rows; {finding['evidence']})"
    )
