"""Which processes one small installation consists of."""

from __future__ import annotations

import sys
from pathlib import Path

from lodestock.config.running.supervisor import Child

WORKER = [sys.executable, "-m", "lodestock", "worker", "--concurrency", "2"]


def children(host: str, port: int, logs: Path, *, reload: bool = False) -> list[Child]:
    """Return web and worker; the worker holds scheduler and event runner too."""
    commands = {"web": _web(host, port, reload=reload), "worker": WORKER}
    return [Child(name, command, logs / f"{name}.log") for name, command in commands.items()]


def _web(host: str, port: int, *, reload: bool) -> list[str]:
    command = [sys.executable, "-m", "uvicorn", "lodestock.config.asgi:application"]
    command += ["--host", host, "--port", str(port), "--lifespan", "off"]
    command += ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "5"]
    return [*command, "--reload"] if reload else command
