"""On a CI machine (Debian, root): install the servers and the browser that tests ask for.

Looks for what the tests in this checkout use; a machine that already has it is left alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# A word that tests use, the programs that satisfy it, and the package that brings them.
WANTED = [
    ("mark.browser", ("chromium", "chromium-browser", "google-chrome"), "chromium"),
    ("redis-server", ("redis-server",), "redis-server"),
]


def main() -> int:
    """Install what is missing; returns the exit status of the installer."""
    tests = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("src", "tests")
        for path in (ROOT / folder).rglob("test_*.py")
    )
    packages = [
        package
        for word, programs, package in WANTED
        if word in tests and not any(map(shutil.which, programs))
    ]
    if not packages:
        return 0
    if os.getuid() != 0 or not shutil.which("apt-get"):
        print(f"ci: please install {', '.join(packages)}", file=sys.stderr)
        return 1
    print(f"ci: installing {', '.join(packages)}", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
