"""Write requirements/*.txt anew from pyproject.toml: hashed, for every platform, naming no host.

Run by a maintainer when dependencies change; needs `uv` in the environment or on PATH.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = [
    *("--universal", "--fork-strategy", "fewest", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"),
]
LOCKS = {"base": [], "dev": ["--group", "dev", "--constraint", "requirements/base.txt"]}


def main() -> int:
    """Write both locks; returns the exit status."""
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if not uv:
        print("lock_requirements: uv is missing; cure: pip install uv", file=sys.stderr)
        return 2
    for name, extra in LOCKS.items():
        target = f"requirements/{name}.txt"
        command = [
            uv,
            "pip",
            "compile",
            "pyproject.toml",
            *OPTIONS,
            *extra,
            "--output-file",
            target,
        ]
        subprocess.run([*command, *sys.argv[1:]], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
