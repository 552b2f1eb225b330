"""The unit tests need no database, and no patience."""

from __future__ import annotations

import importlib.util
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "run_tests.py"
BOUND_SECONDS = 20
ASKS = """
import pytest

@pytest.mark.django_db
def test_it():
    pass

def test_that():
    pass
"""


@pytest.fixture
def run_tests() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_tests", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_unit_test_that_asks_for_a_database_fails(run_tests: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "test_made.py").write_text(ASKS)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-q"]
    done = subprocess.run(
        [
            *command,
            "-p",
            "lodestock.config.testing.fixtures",
            "--rootdir",
            str(tmp_path),
            str(tmp_path),
        ],
        cwd=ROOT,
        env=run_tests.surroundings("unit"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert re.search(r"1 passed, .*1 error", done.stdout), done.stdout
    assert "connection to server" in done.stdout


@pytest.mark.long
def test_the_unit_tests_pass_without_a_database_in_twenty_seconds(run_tests: ModuleType) -> None:
    """The bound is meant for a machine that has nothing else to do.

    Here others may be at work on the same cores, so what counts is the shorter of the time that
    passed and the processor time shared out over the workers; waiting for a core is not the unit
    tests' doing. Both are printed.
    """
    surroundings = run_tests.surroundings("unit")
    # With it every run would compile all packages anew, which nobody does who works here.
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    began, used = time.monotonic(), _children_seconds()
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "unit", "-q", "-p", "no:cacheprovider"],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    passed, worked = time.monotonic() - began, _children_seconds() - used
    assert done.returncode == 0, done.stdout[-3000:]
    count = re.search(r"(\d+) passed", done.stdout)
    assert count is not None
    print(f"\n{count[1]} unit tests: {passed:.1f} s, {worked:.1f} s of processor time")
    assert int(count[1]) > 400, "the unit tests have gone elsewhere"
    assert not re.search(r"\d+ skipped", done.stdout.splitlines()[-1])
    assert min(passed, worked / int(run_tests.WORKERS)) < BOUND_SECONDS


def _children_seconds() -> float:
    """Processor seconds of the children that have ended, and of theirs."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime
