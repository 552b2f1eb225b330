"""Continuous integration fails on a test that was skipped although it could have run."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from lodestock.config.testing.reporting import layer_of

ROOT = Path(__file__).resolve().parents[2]
MARKED = """
import pytest

@pytest.mark.{marker}
def test_it():
    pass

def test_that():
    pass
"""


@pytest.fixture
def judge(tmp_path, monkeypatch):
    """Judge one made-up report; returns the exit status."""
    path = ROOT / "scripts" / "judge_skips.py"
    spec = importlib.util.spec_from_file_location("judge_skips", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.delenv("LODESTOCK_REAL_DATA", raising=False)

    def judging(*skipped: dict[str, object]) -> int:
        report = tmp_path / "report.json"
        report.write_text(json.dumps({"ran": {"real_data": 3}, "skipped": skipped}))
        return module.main([str(report)])

    return judging


def skip(reason: str, *groups: str) -> dict[str, object]:
    return {"test": "t.py::test_it", "reason": reason, "groups": list(groups)}


def test_a_run_without_skips_passes(judge):
    assert judge() == 0


def test_a_real_data_test_may_be_skipped_only_where_there_is_no_real_data(judge, monkeypatch):
    left_out = skip("real_data: LODESTOCK_REAL_DATA is not set", "real_data")
    assert judge(left_out) == 0
    monkeypatch.setenv("LODESTOCK_REAL_DATA", "/data")
    assert judge(left_out) == 1


@pytest.mark.parametrize("group", ["external", "browser", "owns_server"])
def test_a_test_skipped_for_want_of_a_server_fails_the_run(judge, group, capsys):
    assert judge(skip("no such server", group)) == 1
    assert "t.py::test_it" in capsys.readouterr().err


def test_a_long_test_waits_for_its_own_run_without_complaint(judge, monkeypatch):
    monkeypatch.setenv("LODESTOCK_REAL_DATA", "/data")
    assert judge(skip("Skipped: long: runs with make test-long", "long", "real_data")) == 0


@pytest.mark.parametrize(
    ("nodeid", "layer"),
    [
        ("src/lodestock/feeds/tests/unit/test_a.py::test_b[x/api/y]", "unit"),
        ("tests/architecture/test_files.py::test_a", "architecture"),
        ("tests/setup/test_bootstrap.py::test_a", "other"),
    ],
)
def test_a_test_belongs_to_the_layer_of_its_folder(nodeid, layer):
    assert layer_of(nodeid) == layer


def pytest_run(folder: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with our plugin on one file outside the checkout."""
    (folder / "test_made.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "lodestock.config.testing.plugin"]
    command += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "-p", "no:randomly"]
    return subprocess.run(
        [*command, str(folder / "test_made.py"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_test_that_would_flush_is_refused_with_what_to_use_instead(tmp_path):
    done = pytest_run(
        tmp_path,
        "import pytest\n@pytest.mark.django_db(transaction=True)\ndef test_it():\n    pass\n",
    )
    assert done.returncode != 0
    assert "committing_db" in done.stdout + done.stderr


def test_without_a_browser_everything_else_runs_and_the_status_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv("LODESTOCK_CHROMIUM", raising=False)
    done = pytest_run(tmp_path, MARKED.format(marker="browser"))
    assert done.returncode == 3, done.stdout
    assert "NOT RUN: 1 browser tests" in done.stdout
    assert "apt-get install" in done.stdout


def test_a_run_writes_down_what_it_ran_and_what_it_left_out(tmp_path, monkeypatch):
    report = tmp_path / "report.json"
    monkeypatch.setenv("LODESTOCK_TEST_REPORT", str(report))
    monkeypatch.delenv("LODESTOCK_REAL_DATA", raising=False)
    assert pytest_run(tmp_path, MARKED.format(marker="real_data")).returncode == 0
    written = json.loads(report.read_text())
    assert written["ran"] == {"all": 1}
    assert written["skipped"][0]["groups"] == ["real_data"]
