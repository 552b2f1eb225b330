"""Is the server that postmaster.pid names still alive? A pid alone does not say so.

After `kill -9` the number may belong to a zombie that nobody reaped yet, or, after a reboot, to
somebody else's process. Both look alive to `kill(pid, 0)`, which is all PostgreSQL itself asks.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from lodestock.config.embedded.layout import Layout

STATUS_LINE = 7
READY = "ready"


def read_pid_file(layout: Layout) -> list[str]:
    """Return the lines of postmaster.pid, or nothing."""
    try:
        return layout.pid_file.read_text(errors="replace").splitlines()
    except OSError:
        return []


def living_server(layout: Layout) -> int | None:
    """Return the pid of the running server of this data folder, or None."""
    lines = read_pid_file(layout)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    return pid if _is_our_server(pid, layout.data) else None


def is_ready(layout: Layout) -> bool:
    """Whether the running server says that it accepts connections."""
    lines = read_pid_file(layout)
    return len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == READY


def clear_leftovers(layout: Layout) -> None:
    """Remove the pid file and socket of a server that is proven dead.

    PostgreSQL keeps its own, stronger guard: it refuses while a process still uses the shared
    memory of this data folder.
    """
    layout.pid_file.unlink(missing_ok=True)
    for path in layout.socket_dir.glob(".s.PGSQL.*"):
        path.unlink(missing_ok=True)


def stop_server(layout: Layout, pid: int, *, patience_seconds: float = 60) -> None:
    """End the server: sessions are closed and everything is written; harder when it hangs."""
    for order, patience in ((signal.SIGINT, patience_seconds), (signal.SIGQUIT, 10.0)):
        try:
            os.kill(pid, order)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not _is_our_server(pid, layout.data):
                return
            time.sleep(0.02)


def _is_our_server(pid: int, data: Path) -> bool:
    state, command = _state_and_command(pid)
    if not state or state == "Z":
        return False
    return b"postgres" in command and os.fsencode(data) in command


def _state_and_command(pid: int) -> tuple[str, bytes]:
    """Return the state letter and command line; empty for a process that does not exist."""
    process = Path(f"/proc/{pid}")
    if not Path("/proc/self/stat").exists():
        return _ask_ps(pid)
    try:
        # The name in parentheses may itself hold spaces and parentheses.
        state = (process / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
        return state, (process / "cmdline").read_bytes()
    except (OSError, IndexError):
        return "", b""


def _ask_ps(pid: int) -> tuple[str, bytes]:
    done = subprocess.run(
        ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, check=False
    )
    state, _, command = done.stdout.strip().partition(b" ")
    return state.decode()[:1], command
