"""Fixtures of the jobs room's tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from lodestock.jobs import ports
from lodestock.jobs.tests import kinds


@pytest.fixture(autouse=True)
def test_kinds(monkeypatch):
    """Register the tests' kinds of job for one test."""
    ports._load_listed()
    known = {**ports.registry.kinds, **{kind.name: kind for kind in kinds.KINDS}}
    monkeypatch.setattr(ports.registry, "kinds", known)


@pytest.fixture
def hints(monkeypatch) -> list[int]:
    """Collect hints instead of publishing them."""
    sent: list[int] = []
    monkeypatch.setattr("lodestock.jobs.tasks.send_hint", lambda job_id, chain: sent.append(job_id))
    return sent


class Workers:
    """Worker processes of one test, to be killed at will."""

    def __init__(self, folder, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.processes: list[subprocess.Popen] = []

    def start(self, *options: str) -> subprocess.Popen:
        """Start one; it works as soon as it can."""
        log = (self.folder / f"worker{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "lodestock", "worker", *(options or ("--no-events",))],
            env=os.environ | self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen) -> None:
        """As a power cut would."""
        process.send_signal(signal.SIGKILL)
        process.wait()

    def logs(self) -> str:
        """Everything the workers said."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("worker*.log")))


@pytest.fixture
def workers(committing_db, tmp_path) -> Iterator[Callable[..., Workers]]:
    """Start worker processes on the test's own database; any that is left is killed."""
    made: list[Workers] = []
    forget_broker()

    def make(**environment: str) -> Workers:
        own = {
            "DATABASE_URL": committing_db.url,
            "DJANGO_SETTINGS_MODULE": "lodestock.jobs.tests.worker_settings",
            "LODESTOCK_DB_ROLE": "app",
            **environment,
        }
        made.append(Workers(tmp_path, own))
        return made[-1]

    yield make
    for group in made:
        for process in group.processes:
            process.kill()
            process.wait()
    forget_broker()


def forget_broker() -> None:
    """This process's line to the embedded queue leads into another test's database, or will."""
    from kombu import pools

    from lodestock.config.celery import app

    pools.reset()
    app.amqp._producer_pool = None
    app._pool = None
