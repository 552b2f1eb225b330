"""Run a group of tests: `all` (make test), `unit`, `fast`, `long` or `soak`.

The checks of run_checks.py come first in `all`, so that pytest's own closing line is the last.
Exit status 3: everything that ran passed, but a group could not run on this machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKERS = "2"
# Nobody listens there: a unit test that asks for a database fails at once, whatever runs here.
NO_DATABASE = "postgresql://nobody@127.0.0.1:9/no_database_for_unit_tests"
UNIT_FOLDERS = [str(folder) for folder in sorted(ROOT.glob("src/lodestock/*/tests/unit"))]
GROUPS = {
    # No unit test uses the fuzzer, which takes a second to load in every process.
    "unit": ["-p", "no:schemathesis", *UNIT_FOLDERS],
    "fast": ["-m", "not long and not owns_server and not browser and not external"],
    "all": [],
    "long": ["-m", "long"],
    "soak": ["-m", "long"],
}


def main(arguments: list[str]) -> int:
    """Run the group named first; further arguments go to pytest."""
    group = arguments[0] if arguments else "all"
    if group not in GROUPS:
        print(f"run_tests: {group!r} is no group; there are {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    environment = surroundings(group)
    checks = 0
    if group == "all":
        checks = subprocess.run(
            [sys.executable, "scripts/run_checks.py"], cwd=ROOT, check=False
        ).returncode
    pytest = [sys.executable, "-m", "pytest", "-n", WORKERS, "--dist", "worksteal"]
    done = subprocess.run(
        [*pytest, *GROUPS[group], *arguments[1:]], cwd=ROOT, env=environment, check=False
    )
    if checks:
        print("The checks before the tests failed; see above, or: make check", file=sys.stderr)
    return done.returncode or checks


def surroundings(group: str) -> dict[str, str]:
    """Return the environment a group runs in: its scale, and for `unit` no database at all."""
    scale = group if group in {"long", "soak"} else "test"
    found = os.environ | {"LODESTOCK_SCALE": scale}
    if group == "unit":
        found |= {"DATABASE_URL": NO_DATABASE, "LODESTOCK_TEST_SERVER_URL": NO_DATABASE}
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
