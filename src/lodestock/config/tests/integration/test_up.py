"""`lodestock up` on a new home: it serves, survives its own murder, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from lodestock.config.embedded.layout import Layout
from lodestock.config.embedded.process import living_server
from lodestock.config.running.ports import free_port

pytestmark = [pytest.mark.owns_server, pytest.mark.timeout(300)]
PATIENCE_SECONDS = 150


class Installation:
    """A home of the test's own and the `lodestock` commands on it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "a home"
        self.said = folder / "said"
        self.running: list[subprocess.Popen[bytes]] = []
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LODESTOCK_", "DATABASE_", "DJANGO_"))
        } | {"LODESTOCK_HOME": str(self.home)}

    def command(self, *arguments: str, **options) -> list[str]:
        return [sys.executable, "-m", "lodestock", *arguments]

    def up(self) -> subprocess.Popen[bytes]:
        """Start everything and wait until it says where it is."""
        port = str(free_port("127.0.0.1", 8800))
        with self.said.open("wb") as out:
            program = subprocess.Popen(
                self.command("up", "--port", port), env=self.environment, stdout=out, stderr=out
            )
        self.running.append(program)
        self.wait_for(lambda: "Ctrl-C" in self.said.read_text() or program.poll() is not None)
        assert program.poll() is None, self.said.read_text()
        return program

    def page(self, path: str) -> int:
        base = re.search(r"http://localhost:\d+", self.said.read_text())[0]

        def ask() -> bool:
            try:
                with urllib.request.urlopen(base + path, timeout=10) as answer:
                    self.status = answer.status
            except OSError:
                return False
            return True

        self.wait_for(ask)
        return self.status

    def processes(self) -> list[int]:
        """Every living process that works on this home, the database included."""
        marked = f"LODESTOCK_HOME={self.home}".encode()
        found = [
            int(folder.name)
            for folder in Path("/proc").iterdir()
            if folder.name.isdigit() and marked in _read(folder / "environ").split(b"\0")
        ]
        server = living_server(Layout.of(self.home))
        return found + ([server] if server else [])

    def wait_for(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.said.read_text()
            time.sleep(0.1)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.fixture
def installation(tmp_path):
    made = Installation(tmp_path)
    yield made
    for program in made.running:
        if program.poll() is None:
            program.send_signal(signal.SIGTERM)
            program.wait(60)
    for pid in made.processes():
        os.kill(pid, signal.SIGTERM)
    link = made.home / "postgres"
    if link.is_symlink():
        made.wait_for(lambda: not made.processes())
        shutil.rmtree(link.resolve())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_up_serves_survives_its_own_murder_and_leaves_nothing_behind(installation):
    program = installation.up()
    assert installation.page("/admin/login/") == 200
    assert "Log in as              admin" in installation.said.read_text()
    secrets = installation.home / "secrets"
    assert not [path for path in secrets.iterdir() if path.stat().st_mode & 0o077]

    program.kill()
    program.wait()
    again = installation.up()
    assert installation.page("/admin/login/") == 200

    done = subprocess.run(
        installation.command("doctor", "--json"),
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    findings = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert findings["role"] == {
        "name": "role",
        "state": "ok",
        "found": "acts as lodestock_app",
        "cure": "",
    }

    again.send_signal(signal.SIGINT)
    assert again.wait(60) == 0
    assert "everything this command started has ended" in installation.said.read_text()
    installation.wait_for(lambda: not installation.processes())


def test_what_cannot_start_says_why_in_one_sentence(installation):
    done = subprocess.run(
        installation.command("up"),
        env=installation.environment | {"LODESTOCK_DB_POOL_MAX": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "lodestock: LODESTOCK_DB_POOL_MAX is 'many'; a whole number is accepted."
    )
