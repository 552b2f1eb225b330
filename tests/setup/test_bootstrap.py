"""From a bare machine to a working .venv, naming everything that is missing at once."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """The script, working on a checkout of the test's own that has locks but no packages."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    for kind in ("base", "dev"):
        (tmp_path / "requirements" / f"{kind}.txt").write_text(f"# {kind}\n")
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv" / "stamp"))
    monkeypatch.setattr(module, "install_lock", lambda kind: None)
    monkeypatch.setenv("LODESTOCK_HOME", str(tmp_path / "home"))
    return module


@pytest.fixture
def quick(bootstrap, tmp_path, monkeypatch):
    """The same, without the seconds that a real environment takes."""
    monkeypatch.setattr(bootstrap, "make_environment", (tmp_path / ".venv").mkdir)
    monkeypatch.setattr(bootstrap, "install_ourselves", lambda: None)
    monkeypatch.setattr(bootstrap, "healthy", lambda: True)
    return bootstrap


def test_everything_missing_is_named_at_once_each_with_its_cure(bootstrap, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(
        bootstrap.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 2**20})
    )
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    monkeypatch.setattr(bootstrap.os.path, "isdir", lambda path: False)
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: "riscv64")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    missing = bootstrap.what_is_missing("base")
    bootstrap.report(missing)
    said = capsys.readouterr().err
    assert len(missing) == 3
    for word in ("Python 3.9", "1 MB are free", "riscv64", "DATABASE_URL"):
        assert word in said
    assert said.count("Cure:") == 3


def test_a_server_of_ones_own_makes_up_for_a_machine_without_an_embedded_one(
    bootstrap, monkeypatch
):
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: "riscv64")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    monkeypatch.setattr(bootstrap.os.path, "isdir", lambda path: False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@db/stock")
    assert bootstrap.server() is None


def test_a_data_folder_that_cannot_be_made_is_named_with_the_variable_that_moves_it(
    bootstrap, monkeypatch
):
    monkeypatch.setenv("LODESTOCK_HOME", "/proc/nowhere/lodestock")
    monkeypatch.setattr(bootstrap.os, "access", lambda path, mode: not path.startswith("/proc"))
    what, cure = bootstrap.home()
    assert "/proc/nowhere/lodestock" in what
    assert "LODESTOCK_HOME" in cure


def test_without_ensurepip_the_package_that_brings_it_is_named(bootstrap, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    what, cure = bootstrap.venv_module()
    assert "venv" in what
    assert f"python{sys.version_info[0]}.{sys.version_info[1]}-venv" in cure


def test_a_half_made_environment_is_built_again(bootstrap, tmp_path, capsys):
    broken = tmp_path / ".venv" / "bin"
    broken.mkdir(parents=True)
    (broken / "python").write_text("#!/bin/sh\nexit 1\n")
    (broken / "python").chmod(0o755)
    assert bootstrap.main([]) == 0
    assert "half-made" in capsys.readouterr().out
    assert bootstrap.healthy()
    command = [tmp_path / ".venv/bin/lodestock", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # No packages were installed: that it got as far as looking for ours is what counts.
    assert "No module named lodestock" in done.stderr


def test_a_second_run_does_nothing_and_a_changed_lock_installs_again(quick, tmp_path, monkeypatch):
    installed = []
    monkeypatch.setattr(quick, "install_lock", installed.append)
    quick.main([])
    quick.main([])
    assert installed == ["base"]
    (tmp_path / "requirements" / "base.txt").write_text("# another version\n")
    quick.main([])
    assert installed == ["base", "base"]


def test_the_larger_environment_serves_for_the_smaller_one(quick, monkeypatch):
    installed = []
    monkeypatch.setattr(quick, "install_lock", installed.append)
    quick.main(["--dev"])
    quick.main([])
    assert installed == ["dev"]


def test_an_installation_that_was_interrupted_is_not_believed(quick, monkeypatch):
    def interrupted(kind):
        raise KeyboardInterrupt

    quick.main([])
    Path(quick.lock_file("base")).write_text("# another version\n")
    monkeypatch.setattr(quick, "install_lock", interrupted)
    with pytest.raises(KeyboardInterrupt):
        quick.main([])
    assert quick.read_stamp("base") is None


def test_uv_is_left_aside_where_pip_has_settings_it_would_not_read(bootstrap, monkeypatch):
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    assert bootstrap.pip_has_settings()


def test_an_old_python_can_read_the_script_and_needs_nothing_installed():
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 6))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported <= set(sys.stdlib_module_names)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.NamedExpr | ast.JoinedStr)]
