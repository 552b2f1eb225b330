"""The command: choose cases, give each a process and a database, print, write, judge."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.harness import calibrate, machine, report
from benchmarks.harness.registry import Case, choose
from benchmarks.harness.result import Measurement, failed, skipped
from benchmarks.harness.server import checkout, hand_over, migrated_template, opened
from benchmarks.harness.stage import Stage


def main(arguments: list[str] | None = None) -> int:
    """Run the benches; 0 when all reach their targets, 1 with the list of those that do not."""
    options = _parse(arguments)
    try:
        cases = choose(options.names, full=options.full)
    except LookupError as error:
        print(error, file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(f"{case.name:<14}{case.what}" for case in cases))
        return 0
    _real_data()
    found, surroundings = _run_all(cases, full=options.full)
    return _conclude(found, surroundings, as_json=options.json)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="cases to run (--list names them)")
    parser.add_argument("--full", action="store_true", help="the long form, with the large tables")
    parser.add_argument("--json", action="store_true", help="print one JSON object, not the table")
    parser.add_argument("--list", action="store_true", help="say which cases there are")
    return parser.parse_args(arguments)


def _real_data() -> None:
    """Use the shared data folder beside the checkout where nothing else was said."""
    beside = checkout().parent / "shared/data"
    if beside.is_dir():
        os.environ.setdefault("LODESTOCK_REAL_DATA", str(beside))


def _run_all(cases: list[Case], *, full: bool) -> tuple[list[Measurement], dict[str, Any]]:
    with opened() as server, tempfile.TemporaryDirectory(prefix="lodestock-bench-") as folder:
        surroundings = machine.describe(server.admin)
        machine.refuse_unless_durable(surroundings)
        template = migrated_template(server)
        stage = Stage(server, template, server.clone(template), full, None, Path(folder))
        surroundings |= calibrate.yardstick(stage)
        server.drop(stage.database)
        environment = _environment(hand_over(server, template), full=full)
        found = []
        for case in cases:
            found += _run_one(case, environment, Path(folder) / f"{case.name}.jsonl")
    return found, surroundings


def _environment(server: dict[str, str], *, full: bool) -> dict[str, str]:
    return (
        os.environ
        | server
        | {
            "LODESTOCK_BENCH_FULL": "1" if full else "0",
            "PYTHONPATH": _path(),
            # Django is set up before the case has its database.
            "DATABASE_URL": "postgresql:///lodestock_no_database_yet",
            "LODESTOCK_DB_ROLE": "app",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        }
    )


def _path() -> str:
    """Return where children find benchmarks and the program, before what was there already."""
    own = [str(checkout()), str(checkout() / "src")]
    return os.pathsep.join([*own, *filter(None, [os.environ.get("PYTHONPATH")])])


def _run_one(case: Case, environment: dict[str, str], output: Path) -> list[Measurement]:
    if case.needs:
        folder = environment.get("LODESTOCK_REAL_DATA", "")
        if not folder or not (Path(folder) / case.needs).exists():
            reason = f"{case.needs} not found: set LODESTOCK_REAL_DATA"
            return [skipped(case.name, case.what, reason)]
    print(f"{case.name}: {case.what}", file=sys.stderr, flush=True)
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.harness.child", case.name, str(output)]
    done = subprocess.run(command, env=environment, check=False)
    print(f"    took {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    found = _read(output)
    if done.returncode or not found:
        found.append(failed(case.name, case.what, f"the case ended with exit {done.returncode}"))
    return found


def _read(output: Path) -> list[Measurement]:
    if not output.exists():
        return []
    lines = output.read_text(encoding="utf-8").splitlines()
    return [Measurement(**json.loads(line)) for line in lines]


def _conclude(found: list[Measurement], surroundings: dict[str, Any], *, as_json: bool) -> int:
    written = [report.write(measurement, surroundings) for measurement in found]
    missed = [
        measurement.name for measurement in found if not (measurement.ok or measurement.skipped)
    ]
    if as_json:
        print(json.dumps({"ok": not missed, "missed": missed, "results": written}, default=str))
    else:
        report.show(found, surroundings)
        if missed:
            print(f"Missed their target: {', '.join(missed)}")
    return 1 if missed else 0
