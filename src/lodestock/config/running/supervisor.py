"""One parent for the processes of a small installation.

Each child leads a session of its own, so that Ctrl-C reaches the supervisor alone, which then ends
the children in order. If the supervisor itself is killed, the kernel ends the children.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 30.0
# A child that lived this long was healthy: the next failure starts counting anew.
HEALTHY_SECONDS = 60.0
GRACE_SECONDS = 10.0
HOPELESS_FAILURES = 5
LOG_MAX_BYTES = 20 * 1024 * 1024
LAST_WORDS_BYTES = 2000


class Hopeless(Exception):
    """A child keeps ending at once; starting it again would not help."""


@dataclass
class Child:
    """A process to keep running."""

    name: str
    command: Sequence[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = 0

    def start(self) -> None:
        """Start the process; what it says is added to its log."""
        self.started_at = time.monotonic()
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_MAX_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )

    def last_words(self) -> str:
        """Return the end of what the process said."""
        return self.log.read_bytes()[-LAST_WORDS_BYTES:].decode(errors="replace").strip()

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the child and to what it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


class Supervisor:
    """Starts children, starts again those that end, and stops all of them."""

    def __init__(self, children: Sequence[Child], tell: Callable[[str], None]) -> None:
        self.children = list(children)
        self.tell = tell
        self.stopping = False

    def run(
        self,
        on_ready: Callable[[], None] = lambda: None,
        is_ready: Callable[[], bool] = lambda: True,
    ) -> None:
        """Keep everything running until SIGINT, SIGTERM or SIGHUP; then stop everything.

        `on_ready` is called once, as soon as `is_ready` says so.
        Raises Hopeless when a child cannot be kept running.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            for child in self.children:
                child.start()
            told = False
            while not self.stopping:
                if not told and is_ready():
                    told = True
                    on_ready()
                for child in self.children:
                    self._look_after(child)
                time.sleep(0.1)
        finally:
            self.stop()

    def stop(self) -> None:
        """End every child: politely, last started first, then by force."""
        for child in reversed(self.children):
            child.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.tell(f"{child.name} did not end in {GRACE_SECONDS:.0f} s and is killed")
            # Also what the child started and left behind.
            child.signal_group(signal.SIGKILL)
            child.process.wait()

    def _on_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                child.start()
            return
        status = child.process.poll()
        if status is None or self.stopping:
            return
        child.signal_group(signal.SIGKILL)
        child.failures = 1 if now - child.started_at > HEALTHY_SECONDS else child.failures + 1
        if child.failures >= HOPELESS_FAILURES:
            raise Hopeless(
                f"{child.name} ended {child.failures} times in a row, last with status {status}."
                f" It was: {' '.join(child.command)}\nIt said ({child.log}):\n{child.last_words()}"
            )
        delay = min(FIRST_DELAY_SECONDS * 2 ** (child.failures - 1), LONGEST_DELAY_SECONDS)
        self.tell(
            f"{child.name} ended with status {status}; starting it again in {delay:.0f} s"
            f" ({child.log})"
        )
        child.process, child.start_at = None, now + delay


def _end_with_parent() -> None:
    """Ask the kernel for SIGTERM when the supervisor dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
