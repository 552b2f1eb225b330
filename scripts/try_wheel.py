"""Build the wheel, install it into a clean environment, and see the program answer.

The packages come from the hashed lock, the database from the wheel; the home is a new folder.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 120


def main() -> int:
    """Returns 0 when `lodestock up` from the wheel serves the log-in page and stops cleanly."""
    with tempfile.TemporaryDirectory(prefix="lodestock-wheel-") as name:
        folder = Path(name)
        # As root the server's own account must be able to reach its data in here.
        folder.chmod(0o755)
        wheel = build(folder)
        refuse_tests_inside(wheel)
        return serve(install(folder, wheel), folder)


def build(folder: Path) -> Path:
    """Build with the packages of .venv: nothing is downloaded for it."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.whl"))


def refuse_tests_inside(wheel: Path) -> None:
    """The wheel carries the program only."""
    listing = subprocess.run(
        [sys.executable, "-m", "zipfile", "--list", str(wheel)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if found := re.findall(r"\S*/tests/\S*", listing):
        raise SystemExit(f"wheel: tests inside: {found[:5]}")


def install(folder: Path, wheel: Path) -> Path:
    """Return the `lodestock` command of a new environment."""
    environment = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    pip = [str(environment / "bin/python"), "-m", "pip", "install", "--quiet", "--no-deps"]
    lock = ROOT / "requirements/base.txt"
    subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True, stderr=subprocess.PIPE)
    subprocess.run([*pip, str(wheel)], check=True, stderr=subprocess.PIPE)
    return environment / "bin/lodestock"


def serve(command: Path, folder: Path) -> int:
    """Start the program, ask it for a page, and stop it as a person would."""
    surroundings = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LODESTOCK_", "DATABASE_", "DJANGO_", "PYTHON", "VIRTUAL_ENV"))
    }
    surroundings["LODESTOCK_HOME"] = str(folder / "home")
    said = folder / "said"
    with said.open("w") as out:
        program = subprocess.Popen(
            [str(command), "up", "--port", "8900"],
            cwd=folder,
            env=surroundings,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        ok = answers(program, said)
    finally:
        program.send_signal(signal.SIGINT)
        status = program.wait(60)
    print(f"wheel: log-in page {'served' if ok else 'NOT served'}, exit status {status}")
    if not ok or status:
        print(said.read_text())
        return 1
    return 0


def answers(program: subprocess.Popen[bytes], said: Path) -> bool:
    """Whether the log-in page comes within the time that patience allows."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and program.poll() is None:
        if found := re.search(r"http://localhost:\d+", said.read_text()):
            try:
                with urllib.request.urlopen(f"{found[0]}/admin/login/", timeout=5) as page:
                    return page.status == 200
            except (urllib.error.URLError, ConnectionError):
                pass
        time.sleep(0.25)
    return False


if __name__ == "__main__":
    sys.exit(main())
