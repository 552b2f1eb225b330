"""One case in a process of its own: python -m benchmarks.harness.child CASE OUTPUT."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

import psycopg

from benchmarks.harness.registry import Case, all_cases
from benchmarks.harness.result import Measurement, failed
from benchmarks.harness.server import take_over
from benchmarks.harness.stage import Stage


def main(name: str, output: str) -> int:
    """Run the case, writing each measurement as one JSON line as soon as it is there."""
    server, template = take_over()
    try:
        with tempfile.TemporaryDirectory(prefix="lodestock-bench-") as folder:
            # Before Django reads its settings: they name the database.
            stage = make_stage(server, template, Path(folder))
            case = next(case for case in all_cases() if case.name == name)
            with Path(output).open("w", encoding="utf-8") as file:
                for measurement in _run(case, stage):
                    print(json.dumps(_line(measurement)), file=file, flush=True)
    finally:
        server.close()
    return 0


def make_stage(server, template: str, folder: Path) -> Stage:  # type: ignore[no-untyped-def]
    """Clone the template and point this process, and those it starts, to the clone."""
    data = os.environ.get("LODESTOCK_REAL_DATA")
    stage = Stage(
        server,
        template,
        server.clone(template),
        full=os.environ.get("LODESTOCK_BENCH_FULL") == "1",
        data=Path(data) if data else None,
        folder=folder,
    )
    os.environ |= stage.environment()
    return stage


def _run(case: Case, stage: Stage):  # type: ignore[no-untyped-def]
    try:
        yield from case.run(stage)
    except Exception as error:  # noqa: BLE001 - a broken case is a line of the table
        traceback.print_exc()
        yield failed(case.name, case.what, _reason(error))


def _reason(error: Exception) -> str:
    first = str(error).strip().splitlines()
    kind = "" if isinstance(error, psycopg.Error) else f"{type(error).__name__}: "
    return kind + (first[-1] if first else "no message")


def _line(measurement: Measurement) -> dict[str, object]:
    return dict(vars(measurement))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
