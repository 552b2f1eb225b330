"""The floors, the front doors and the pure domains hold, and no exception was ever granted."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from lodestock.config.settings.parts.apps import ROOMS

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
WITHOUT_EXCEPTIONS = ("floors", "front-doors", "pure-domain")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_every_import_contract_is_kept():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout[-5000:]


def test_the_list_of_exceptions_is_empty():
    found = {contract["id"]: contract.get("ignore_imports", []) for contract in CONTRACTS}
    assert not [name for name in WITHOUT_EXCEPTIONS if found[name]]


def test_every_room_stands_on_a_floor():
    floors = next(contract for contract in CONTRACTS if contract["id"] == "floors")["layers"]
    placed = {room.strip() for floor in floors for room in floor.split("|")}
    assert placed == {*ROOMS, "config"}


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("inventory/prophecy.py", "from lodestock.sales import services"),
        ("purchasing/envy.py", "from lodestock.sales import services"),
        ("sales/burglary.py", "from lodestock.inventory.models import Balance"),
        ("inventory/domain/impure.py", "import django.db"),
    ],
    ids=["upwards", "sideways", "through the wall", "framework in a domain"],
)
def test_an_import_that_breaks_a_border_is_found(room, line, tmp_path):
    for name in ("src", "tests/architecture/front_doors.py", "pyproject.toml"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(ROOT / name) if name != "src" else mirror(ROOT / name, target)
    offender = tmp_path / "src/lodestock" / room
    offender.parent.mkdir(exist_ok=True)
    (offender.parent / "__init__.py").touch()
    offender.write_text(line + "\n")
    environment = {"PYTHONPATH": f"{tmp_path / 'src'}:{tmp_path}", "PATH": "/usr/bin:/bin"}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout[-3000:]
    assert Path(room).stem in done.stdout


def mirror(source: Path, target: Path) -> None:
    """Copy the Python files only: what they import is all that matters here."""
    for path in source.rglob("*.py"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
