"""The peak memory of a command, as the kernel counted it."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One finished command. `peak_mib` is the largest resident size of that process.

    `cpu_seconds` is its own work: beside `seconds` it tells waiting from working.
    """

    seconds: float
    cpu_seconds: float
    peak_mib: float
    exit_code: int
    output: str
    errors: str


def run(command: list[str], environment: dict[str, str]) -> Run:
    """Run a command to its end."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=errors)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        output.seek(0)
        errors.seek(0)
        return Run(
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024,
            process.returncode,
            output.read().decode(errors="replace"),
            errors.read().decode(errors="replace"),
        )
