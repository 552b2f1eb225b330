"""Real files through `lodestock import_feed`, end to end: start-up, parsing, documents, ledger."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.harness import memory
from benchmarks.harness.registry import case
from benchmarks.harness.result import Measurement, ceiling, rate_floor
from benchmarks.harness.server import checkout
from benchmarks.harness.stage import Stage

MEMORY_LIMIT_MIB = 400
FLAT = 1.10
QUARANTINED = 1  # exit code: some rows wait for a person


@case("scms", needs="scms")
def scms(stage: Stage) -> Iterator[Measurement]:
    """The SCMS delivery history, 6,255 lines: rows a second, peak memory, and how flat it is."""
    assert stage.data
    whole = stage.data / "scms/scms_open.csv"
    yield from _measure(stage, "scms", "scms.yaml", _parts(stage, whole), floor=1_000)


@case("retail", needs="online_retail")
def retail(stage: Stage) -> Iterator[Measurement]:
    """Online Retail replayed as orders, reservations, shipments and returns."""
    assert stage.data
    source = next((stage.data / "online_retail").glob("online_retail*.csv.gz"))
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        lines = file.readlines()
    kept = len(lines) if stage.full else len(lines) // 5
    whole = stage.folder / "retail.csv"
    whole.write_text("".join(lines[:kept]), encoding="utf-8", newline="")
    tenth = stage.folder / "retail-tenth.csv"
    tenth.write_text("".join(lines[: len(lines) // 10]), encoding="utf-8", newline="")
    del lines
    yield from _measure(
        stage, "retail", "online_retail.yaml", (tenth, whole), floor=1_500, also=source.name
    )


def _parts(stage: Stage, whole: Path) -> tuple[Path, Path]:
    """The first tenth of a file, and the file."""
    lines = whole.read_bytes().splitlines(keepends=True)
    tenth = stage.folder / f"{whole.stem}-tenth{whole.suffix}"
    tenth.write_bytes(b"".join(lines[: 1 + len(lines) // 10]))
    return tenth, whole


def _measure(
    stage: Stage,
    name: str,
    contract: str,
    files: tuple[Path, Path],
    *,
    floor: int,
    also: str = "",
) -> Iterator[Measurement]:
    tenth, whole = files
    small, _ = _import(stage, contract, tenth)
    # The first tenth is in the database by now: the whole goes into one of its own.
    stage.database = str(stage.another_database()["dbname"])
    run, answer = _import(stage, contract, whole)
    received = answer["rows"]["received"]
    ours = {"rate": received / run.seconds, "unit": "rows/s", "seconds": round(run.seconds, 1)}
    ours["cpu_seconds"] = round(run.cpu_seconds, 1)
    ours |= {"rows": answer["rows"], "peak_mib": round(run.peak_mib)}
    accounted = sum(
        answer["rows"][word] for word in ("applied", "unchanged", "quarantined", "rejected")
    )
    yield rate_floor(
        f"{name}_import",
        f"{received:,} rows end to end{f' of {also}' if also else ''}",
        ours,
        at_least=floor,
        unit="rows/s",
        zeros={"rows unaccounted for": received - accounted},
    )
    peak = {"peak_mib": round(run.peak_mib), "rows": received}
    yield ceiling(
        f"{name}_memory",
        f"peak memory of the import, {received:,} rows",
        peak,
        at_most=MEMORY_LIMIT_MIB,
        key="peak_mib",
        unit="MiB",
    )
    yield Measurement(
        f"{name}_memory_flat",
        "peak memory: the whole against the first tenth",
        ours=peak,
        baseline={"peak_mib": round(small.peak_mib), "what": tenth.name},
        ratio=run.peak_mib / small.peak_mib,
        target=FLAT,
        sense="<=",
    )


def _import(stage: Stage, contract: str, file: Path) -> tuple[memory.Run, dict[str, Any]]:
    folder = checkout() / "examples/contracts"
    command = [sys.executable, "-m", "lodestock", "import_feed"]
    command += [str(folder / contract), str(file), "--json"]
    run = memory.run(command, stage.environment() | {"LODESTOCK_HOME": str(stage.folder / "home")})
    if run.exit_code > QUARANTINED:
        raise RuntimeError(f"import_feed ended with {run.exit_code}: {run.errors[-1500:]}")
    said = f"{run.seconds:.1f} s ({run.cpu_seconds:.1f} s of work), {run.peak_mib:.0f} MiB"
    stage.say(f"{file.name}: {said}")
    return run, json.loads(run.output)
