"""The keys of one installation: made separately, kept in files only this account can read.

Each file below LODESTOCK_HOME/secrets holds one key a line, the newest first. Older ones stay as
fallbacks, so that rotating signs nobody out and leaves no field unreadable.
"""

from __future__ import annotations

import base64
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

ENVIRONMENT_NAMES = {
    "django": "LODESTOCK_SECRET_KEY",
    "jwt": "LODESTOCK_JWT_KEY",
    "field": "LODESTOCK_FIELD_KEY",
    "database": "LODESTOCK_DB_PASSWORD",
}
# A field stays readable until it is written again; a session or token dies of itself.
KEPT_FALLBACKS = {"django": 2, "jwt": 2, "field": 100, "database": 0}


class SecretUnusable(Exception):
    """A key file is readable by others, empty or malformed; the message says the cure."""


def new_key(name: str) -> str:
    """Make a key. The field key is 32 bytes in URL-safe base64, as Fernet wants it."""
    if name == "field":
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(64)


def load_secrets(home: Path, environ: Mapping[str, str] = os.environ) -> dict[str, list[str]]:
    """Return every key, newest first, making those that do not exist yet.

    A variable of the environment (comma-separated, newest first) wins over the file.
    Raises SecretUnusable for a file that others can read or that holds no key.
    """
    return {name: _load(home, name, environ) for name in ENVIRONMENT_NAMES}


def rotate_secret(home: Path, name: str) -> list[str]:
    """Put a new key in front and keep the old ones as fallbacks; returns all, newest first."""
    kept = _read(_path(home, name)) if _path(home, name).exists() else []
    keys = [new_key(name), *kept][: KEPT_FALLBACKS[name] + 1]
    _write(_path(home, name), keys)
    return keys


def _load(home: Path, name: str, environ: Mapping[str, str]) -> list[str]:
    given = environ.get(ENVIRONMENT_NAMES[name], "")
    if given:
        return [key.strip() for key in given.split(",") if key.strip()]
    path = _path(home, name)
    if not path.exists():
        _create(path, [new_key(name)])
    return _read(path)


def _path(home: Path, name: str) -> Path:
    return home / "secrets" / name


def _read(path: Path) -> list[str]:
    if path.stat().st_mode & 0o077:
        raise SecretUnusable(f"{path} can be read by other accounts. Cure: chmod 600 '{path}'")
    keys = path.read_text(encoding="ascii").split()
    if not keys:
        raise SecretUnusable(f"{path} holds no key. Restore it from a backup, or delete it.")
    return keys


def _create(path: Path, keys: list[str]) -> None:
    """Write a file that must not exist yet; whoever comes second reads the winner's."""
    temporary = _temporary(path, keys)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _write(path: Path, keys: list[str]) -> None:
    _temporary(path, keys).replace(path)


def _temporary(path: Path, keys: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
