"""Where this installation keeps what must survive: secrets, files, logs, the embedded database."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

DEFAULT_UNDER_USER_HOME = Path(".local/share/lodestock")


class HomeUnusable(Exception):
    """The folder for our data cannot be made or written; the message says what to set."""


def user_home(environ: Mapping[str, str]) -> Path:
    """Return the person's home, also where HOME is unset (cron, systemd, `env -i`)."""
    if environ.get("HOME"):
        return Path(environ["HOME"])
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        # A container may run us under a number that has no account.
        return Path("/nonexistent")


def resolve_home(environ: Mapping[str, str]) -> Path:
    """Return LODESTOCK_HOME as an absolute path, or its default; nothing is created."""
    given = environ.get("LODESTOCK_HOME")
    home = Path(given) if given else user_home(environ) / DEFAULT_UNDER_USER_HOME
    return Path(os.path.abspath(home.expanduser() if given else home))  # noqa: PTH100


def ensure_home(home: Path) -> Path:
    """Create the folder, private to this account, and prove that it can be written.

    Raises HomeUnusable where it cannot.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = home / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise HomeUnusable(
            f"Lodestock keeps its data in {home}, which cannot be written"
            f" ({error.strerror or error}). Set LODESTOCK_HOME to a folder that can be, "
            "for example: LODESTOCK_HOME=/srv/lodestock lodestock up"
        ) from error
    return home
