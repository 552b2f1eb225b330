"""Payload schemas: one JSON Schema file per event type and version, checked in.

``schemas/events/<EventName>/<major>.<minor>.<patch>.json``. An event row carries the major
version; a payload is checked against the newest file of that major version. Checking costs
tens of microseconds an event, so only tests and debugging do it (``EVENT_SCHEMAS_CHECKED``).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator, FormatChecker

from lodestock.kernel.encoding import dumps

from .errors import InvalidEvent
from .types import NewEvent

Version = tuple[int, int, int]


def schema_dir() -> Path:
    """Where the schemas are: at the top of a checkout, or beside this module in a wheel."""
    here = Path(__file__).resolve()
    checkout = here.parents[3] / "schemas" / "events"
    given = getattr(settings, "EVENT_SCHEMAS_DIR", None)
    return Path(given or (checkout if checkout.is_dir() else here.with_name("released_schemas")))


def schema_files(event_type: str) -> dict[Version, Path]:
    """Every version of an event's schema, oldest first."""
    files = (schema_dir() / event_type).glob("*.json")
    return dict(sorted((_version(path), path) for path in files))


def check_payload(event: NewEvent) -> None:
    """Raise :class:`InvalidEvent` naming the first difference between payload and schema."""
    if not getattr(settings, "EVENT_SCHEMAS_CHECKED", False):
        return
    checker = validator(event.event_type, event.schema_version)
    payload = json.loads(dumps(event.payload))
    error = next(iter(sorted(checker.iter_errors(payload), key=str)), None)
    if error is not None:
        place = "/".join(str(part) for part in error.absolute_path) or "the payload"
        raise InvalidEvent(
            f"{event.event_type} v{event.schema_version}: {place}: {error.message}."
            " Change the payload, or release a new version of its schema.",
            field=place,
        )


@cache
def newest_schema(event_type: str, major: int) -> dict[str, Any]:
    """The newest schema of a major version. Raises :class:`InvalidEvent` when there is none."""
    files = {v: path for v, path in schema_files(event_type).items() if v[0] == major}
    if not files:
        raise InvalidEvent(
            f"There is no schema for {event_type} version {major}:"
            f" add schemas/events/{event_type}/{major}.0.0.json and run 'lodestock event_schemas'."
        )
    schema: dict[str, Any] = json.loads(files[max(files)].read_text(encoding="utf-8"))
    return schema


@cache
def validator(event_type: str, major: int) -> Draft202012Validator:
    """Checks payloads against :func:`newest_schema`."""
    return Draft202012Validator(newest_schema(event_type, major), format_checker=FormatChecker())


def _version(path: Path) -> Version:
    major, minor, patch = (int(part) for part in path.stem.split("."))
    return major, minor, patch
