"""A released schema never changes: what was written under it must stay readable.

``schemas/events/released.json`` holds the sha256 of every released file. A change is a new file:
another patch or minor version when every old payload still fits, else another major version.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, SchemaError

from .schemas import schema_dir

RELEASED = "released.json"
_NAME = re.compile(r"^[A-Z][A-Za-z]+/[0-9]+\.[0-9]+\.[0-9]+\.json$")


def problems() -> list[str]:
    """Everything that is wrong with the schemas, in words; empty when all is well."""
    found = [text for path in _files() for text in _wrong_with(path)]
    known = read_released()
    for name, digest in known.items():
        path = schema_dir() / name
        if not path.exists():
            found.append(f"{name} was released and is gone: put it back.")
        elif _sha256(path) != digest:
            found.append(f"{name} was released and has changed: put it back, add a new version.")
    unreleased = sorted({_name(path) for path in _files()} - set(known))
    found += [
        f"{name} is not released: run 'lodestock event_schemas --release'." for name in unreleased
    ]
    return found


def release() -> list[str]:
    """Add the checksums of new files, never change one; returns the names added."""
    known = read_released()
    fresh = {_name(path): _sha256(path) for path in _files() if _name(path) not in known}
    text = json.dumps(dict(sorted((known | fresh).items())), indent=1)
    (schema_dir() / RELEASED).write_text(text + "\n", encoding="utf-8")
    return sorted(fresh)


def read_released() -> dict[str, str]:
    """File name to sha256."""
    path = schema_dir() / RELEASED
    released: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return released


def _wrong_with(path: Path) -> list[str]:
    name = _name(path)
    if not _NAME.match(name):
        return [f"{name}: the address must be EventName/major.minor.patch.json."]
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    wanted = f"urn:lodestock:event:{path.parent.name}:{path.stem}"
    found = [] if schema.get("$id") == wanted else [f"{name}: $id must be {wanted}."]
    if schema.get("title") != path.parent.name or not schema.get("description"):
        found.append(f"{name}: title must be the event's name, and description must be there.")
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        found.append(f"{name}: {error.message}")
    return found


def _files() -> list[Path]:
    return sorted(path for path in schema_dir().glob("*/*.json"))


def _name(path: Path) -> str:
    return path.relative_to(schema_dir()).as_posix()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
