"""The whole program as one person runs it on one machine: a home of its own, for tests."""

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lodestock.config.embedded.layout import Layout
from lodestock.config.embedded.process import living_server
from lodestock.config.running.ports import free_port

PATIENCE_SECONDS = 150
FIRST_PORT = 8800


class Installation:
    """A home of the test's own and the `lodestock` commands on it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "a home"
        self.said = folder / "said"
        self.running: list[subprocess.Popen[bytes]] = []
        self.status = 0
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LODESTOCK_", "DATABASE_", "DJANGO_"))
        } | {"LODESTOCK_HOME": str(self.home)}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "lodestock", *arguments]

    def up(self, verb: str = "up") -> subprocess.Popen[bytes]:
        """Start everything and wait until it says where it is."""
        port = str(free_port("127.0.0.1", FIRST_PORT))
        return self.start(self.command(verb, "--port", port))

    def start(
        self, command: list[str], *, folder: Path | None = None, patience: float = PATIENCE_SECONDS
    ) -> subprocess.Popen[bytes]:
        """Start a command that ends in a running site, in a process group of its own."""
        with self.said.open("wb") as out:
            program = subprocess.Popen(
                command,
                cwd=folder,
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.running.append(program)
        self.wait_for(
            lambda: "Ctrl-C stops" in self.said.read_text() or program.poll() is not None, patience
        )
        assert program.poll() is None, self.said.read_text()
        return program

    def stop(self, program: subprocess.Popen[bytes]) -> int:
        """Press Ctrl-C and wait for the end; returns the exit status."""
        os.killpg(program.pid, signal.SIGINT)
        return program.wait(60)

    @property
    def base(self) -> str:
        """The address of the running site."""
        found = re.search(r"http://localhost:\d+", self.said.read_text())
        assert found is not None, self.said.read_text()
        return found[0]

    def page(self, path: str) -> int:
        """Ask for a page until it answers; returns the status."""

        def ask() -> bool:
            try:
                with urllib.request.urlopen(self.base + path, timeout=10) as answer:
                    self.status = answer.status
            except OSError:
                return False
            return True

        self.wait_for(ask)
        return self.status

    def fetch(self, path: str, *, token: str = "") -> bytes:
        """What the first account, the one that `up` has made, gets to see."""
        headers = {"Authorization": f"Bearer {token or self.sign_in()}"}
        request = urllib.request.Request(self.base + path, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: bytes = answer.read()
        return found

    def sign_in(self) -> str:
        """A new access token of the first account."""
        password = (self.home / "secrets" / "login-admin").read_text().strip()
        body = json.dumps({"username": "admin", "password": password}).encode()
        request = urllib.request.Request(
            f"{self.base}/api/v1/auth/token", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(json.load(answer)["access"])

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

    def wait_for(self, condition: Callable[[], bool], patience: float = PATIENCE_SECONDS) -> None:
        """Wait; fails with what the program has said when nothing comes of it."""
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, self.said.read_text()
            time.sleep(0.1)

    def remove(self) -> None:
        """End what still runs and leave nothing behind."""
        for program in self.running:
            if program.poll() is None:
                program.send_signal(signal.SIGTERM)
                program.wait(60)
        for pid in self.processes():
            os.kill(pid, signal.SIGTERM)
        link = self.home / "postgres"
        if link.is_symlink():
            self.wait_for(lambda: not self.processes())
            shutil.rmtree(link.resolve())


@contextmanager
def new_installation(folder: Path) -> Iterator[Installation]:
    """An installation that is gone afterwards."""
    made = Installation(folder)
    try:
        yield made
    finally:
        made.remove()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
