"""One difference between a file and its feed's past, in words a supplier can be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

Severity = Literal["breaking", "additive"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``field`` column (or format trait) · ``code`` which rule spoke · ``old`` and ``new``
    pattern · ``rows`` how many rows it concerns · ``samples`` original texts · ``evidence`` why
    we believe it · ``fix`` what a person may confirm (see ``fixes.amend``; None: nothing to
    change, only to accept).

    A *breaking* finding stops the file before any row is applied; an *additive* one is recorded.
    """

    field: str
    code: str
    old: str
    new: str
    rows: int
    evidence: str
    samples: Sequence[str] = ()
    fix: Mapping[str, Any] | None = None
    alternatives: Sequence[Mapping[str, Any]] = ()
    severity: Severity = "breaking"

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "code": self.code,
            "severity": self.severity,
            "old": self.old,
            "new": self.new,
            "rows": self.rows,
            "evidence": self.evidence,
            "samples": list(self.samples),
            "fix": dict(self.fix) if self.fix else None,
            "alternatives": [dict(other) for other in self.alternatives],
        }


breaking = Finding
additive = partial(Finding, severity="additive")
