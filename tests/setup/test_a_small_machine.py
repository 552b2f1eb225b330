"""From a clone to a running program in one command, and what it then takes of a small machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.setup.memory import database_processes, shares, with_descendants

from lodestock.config.testing.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
CLONE_TO_RUNNING_SECONDS = 4 * 60
MEMORY_MIB = 600
#: Pages of the demo that people open first; each list of the API besides.
PAGES = ("/", "/admin/login/", "/api/docs", "/api/schema", "/api/v1/stock/summary?scope=warehouse")

pytestmark = [
    pytest.mark.long,
    pytest.mark.owns_server,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder the database's account may look into, gone afterwards.

    Where root tests, the server runs under another account; of programs in pytest's own closed
    folders it would keep a copy for good.
    """
    folder = Path(tempfile.mkdtemp(prefix="lodestock-newcomer-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def cloned(folder: Path) -> Path:
    """What git knows of this checkout, in a folder of its own."""
    command = ["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def newcomer(installation: Installation, folder: Path) -> None:
    """A home directory in which nothing was ever done; downloaded wheels stay where they are."""
    real = Path.home()
    kept = {
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(real / ".cache")),
        "XDG_CONFIG_HOME": os.environ.get("XDG_CONFIG_HOME", str(real / ".config")),
    }
    empty = folder / "nobody"
    empty.mkdir()
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL"):
        installation.environment.pop(name, None)
    own = str(Path(sys.executable).parent)
    path = [part for part in os.environ["PATH"].split(os.pathsep) if part != own]
    installation.environment |= kept | {"HOME": str(empty), "PATH": os.pathsep.join(path)}


@pytest.mark.skipif(
    not (shutil.which("make") and shutil.which("git") and (ROOT / ".git").exists()),
    reason="needs make, git and a checkout made by git",
)
def test_a_clone_becomes_a_running_demo_in_one_command_within_four_minutes(
    open_folder: Path, installation: Installation
) -> None:
    """`make demo` in a new clone: environment, packages, database, demo company, site.

    Time runs from the beginning of the clone to the first page with the demo company on it.
    """
    newcomer(installation, open_folder)
    began = time.monotonic()
    checkout = cloned(open_folder / "lodestock")
    python = f"PYTHON={_python()}"
    program = installation.start(
        ["make", "demo", python], folder=checkout, patience=CLONE_TO_RUNNING_SECONDS * 2
    )
    page = installation.fetch("/").decode()
    seconds = time.monotonic() - began
    said = installation.said.read_text()
    parts = ", ".join(re.findall(r"setup: ready after \d+ s|Ready after [\d.]+ s", said))
    print(f"\nclone to running demo: {seconds:.0f} s ({parts})")
    assert "Quillbrook Cycle Supply" in page
    assert not (checkout / ".venv" / "bin" / "pytest").exists(), "tests are no part of a demo"
    installation.stop(program)
    installation.wait_for(lambda: not installation.processes())
    assert seconds < CLONE_TO_RUNNING_SECONDS


def _python() -> str:
    """The Python that this environment was made of: the newcomer's own."""
    return str(Path(sys._base_executable or sys.executable))


def test_the_running_program_with_its_database_takes_less_than_600_mib(
    installation: Installation,
) -> None:
    """Proportional set sizes are added up, because resident ones count shared pages many times.

    Every backend of PostgreSQL maps the same buffers and the same binary, every Python the same
    libraries: the sum of the resident sizes is larger than what a machine needs. It is printed
    beside the other. The program has loaded the demo before, and has answered every list of the
    API and the first pages, four at a time, so that all connections it opens under load are open.
    """
    program = installation.up("demo")
    visit(installation)
    time.sleep(5)  # a scheduled job or two of the worker
    pids = with_descendants([program.pid]) | database_processes(installation.home)
    found = shares(pids)
    proportional = sum(share.proportional for share in found)
    resident = sum(share.resident for share in found)
    print(f"\n{len(found)} processes: {proportional:.0f} MiB; resident sizes {resident:.0f} MiB")
    for share in found[:6]:
        print(f"  {share.proportional:5.0f} {share.resident:5.0f}  {share.command[:90]}")
    assert len([share for share in found if "postgres" in share.command]) > 5
    assert len([share for share in found if "python" in share.command]) >= 3
    assert proportional < MEMORY_MIB


def visit(installation: Installation) -> None:
    """Every list of the API and the first pages, twice."""
    token = installation.sign_in()
    named = json.loads(installation.fetch("/api/v1/", token=token)).values()
    lists = [address.removeprefix(installation.base) for address in named]
    assert len(lists) > 20, "the root of the API names its lists no more"
    with ThreadPoolExecutor(4) as pool:
        fetched = pool.map(lambda it: installation.fetch(it, token=token), [*PAGES, *lists] * 2)
        assert all(fetched)
