"""What one measurement found, and whether that is enough."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

Figures = dict[str, Any]

AT_LEAST, AT_MOST = ">=", "<="


@dataclass(frozen=True)
class Measurement:
    """One line of the table.

    `ratio` is ours over the baseline, or, where the goal is an absolute figure, ours over that
    figure (then `target` is 1). `zeros` are counts that must be nought, whatever the speed.
    `ratio` is None when nothing could be measured; `notes` say why.
    """

    name: str
    what: str
    ours: Figures
    baseline: Figures
    ratio: float | None
    target: float
    sense: str = AT_LEAST
    zeros: dict[str, int] = field(default_factory=dict)
    notes: str = ""
    skipped: bool = False

    @property
    def ok(self) -> bool:
        """Whether the ratio reaches its target and every must-be-nought is nought."""
        if self.ratio is None or any(self.zeros.values()):
            return False
        return self.ratio >= self.target if self.sense == AT_LEAST else self.ratio <= self.target

    def as_json(self, **surroundings: Any) -> dict[str, Any]:
        """Return the object written to benchmarks/results/<name>.json."""
        ok = None if self.skipped else self.ok
        return asdict(self) | {"ok": ok} | surroundings


def failed(name: str, what: str, reason: str) -> Measurement:
    """Return the line of a case that broke: it stays in the table, and it is not ok."""
    return Measurement(name, what, {}, {}, None, 0, notes=reason)


def skipped(name: str, what: str, reason: str) -> Measurement:
    """Return the line of a case that this machine cannot run."""
    return Measurement(name, what, {}, {}, None, 0, notes=reason, skipped=True)


def rate_floor(
    name: str, what: str, ours: Figures, *, at_least: float, unit: str, **more: Any
) -> Measurement:
    """Return a measurement whose goal is an absolute rate, in `unit`."""
    baseline = {"floor": at_least, "unit": unit}
    return Measurement(name, what, ours, baseline, ours["rate"] / at_least, 1.0, **more)


def ceiling(
    name: str, what: str, ours: Figures, *, at_most: float, key: str, unit: str, **more: Any
) -> Measurement:
    """Return a measurement that must stay below an absolute figure (`ours[key]`, in `unit`)."""
    baseline = {"limit": at_most, "unit": unit}
    ratio = ours[key] / at_most
    return Measurement(name, what, ours, baseline, ratio, 1.0, sense=AT_MOST, **more)
