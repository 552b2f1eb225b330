"""What a result was measured on. No names: only what explains the figures."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import psycopg

SERVER_SETTINGS = ("server_version", "fsync", "synchronous_commit", "shared_buffers")


def describe(conninfo: dict[str, Any]) -> dict[str, Any]:
    """Return processor, memory, versions and the server settings that decide durability."""
    with psycopg.connect(**conninfo) as connection:
        settings = {
            name: connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            for name in SERVER_SETTINGS
        }
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "postgresql": {name: row[0] for name, row in settings.items() if row},
    }


def refuse_unless_durable(machine: dict[str, Any]) -> None:
    """Raise RuntimeError on a server that may lose what it has acknowledged."""
    settings = machine["postgresql"]
    lax = {name: settings[name] for name in ("fsync", "synchronous_commit")}
    if "off" in lax.values():
        raise RuntimeError(f"The server is not durable ({lax}): figures from it would mean nothing")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
