"""The table on the screen and the files in benchmarks/results/."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.harness.result import AT_MOST, Figures, Measurement

RESULTS = Path(__file__).resolve().parents[1] / "results"


def write(measurement: Measurement, machine: dict[str, Any]) -> dict[str, Any]:
    """Write benchmarks/results/<name>.json and return its content."""
    date = datetime.now(UTC).isoformat(timespec="seconds")
    content = measurement.as_json(machine=machine, date=date)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{measurement.name}.json"
    path.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")
    return content


def table(measurements: list[Measurement], machine: dict[str, Any]) -> Table:
    """Return the table of one run."""
    raw = ", ".join(
        f"{key.replace('_', ' ')} {value:,}/s" for key, value in machine.items() if "raw_" in key
    )
    caption = f"yardstick of this run: {raw}; load before it: {machine.get('load_before')}"
    made = Table(title="Lodestock bench", caption=caption, expand=False)
    for heading in ("bench", "what", "ours", "baseline", "ratio", "target", "ok"):
        made.add_column(heading, justify="right" if heading in {"ratio", "target"} else "left")
    for measurement in measurements:
        made.add_row(*_cells(measurement))
    return made


def _cells(found: Measurement) -> list[str]:
    sense = "≤" if found.sense == AT_MOST else "≥"
    verdict = "[green]ok" if found.ok else "[red bold]MISSED"
    if found.skipped:
        verdict = "[yellow]not run"
    if found.ratio is None:
        return [found.name, found.notes, "-", "-", "-", "-", verdict]
    ours = figure(found.ours) + _zeros(found)
    return [
        found.name,
        found.what,
        ours,
        figure(found.baseline),
        f"{found.ratio:.2f}",
        f"{sense} {found.target:.2f}",
        verdict,
    ]


def _zeros(found: Measurement) -> str:
    """Say nothing of what is nought, as it must be, except once."""
    wrong = [f"{n} {name}" for name, n in found.zeros.items() if n]
    clean = ", ".join(f"0 {name}" for name, n in found.zeros.items() if not n)
    return "".join(f"\n{line}" for line in [*wrong, *filter(None, [clean])])


def figure(figures: Figures) -> str:
    """Return the one number of a side that a person wants to see."""
    for key in ("rate", "floor", "limit"):
        if key in figures:
            return f"{_short(figures[key])} {figures.get('unit', '')}"
    for key in ("ms", "seconds", "peak_mib"):
        if key in figures:
            return (
                f"{_short(figures[key])} {key.replace('peak_mib', 'MiB').replace('seconds', 's')}"
            )
    return ""


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def show(measurements: list[Measurement], machine: dict[str, Any]) -> None:
    """Print the table; wide enough that no figure is cut where the output is a file."""
    console = Console(width=None if Console().is_terminal else 150)
    console.print(table(measurements, machine))
