"""A payload as the outside sees it: keys become public ids, what is internal is left out.

The schema says which is which: ``"x-public-id": "catalog.variant"`` marks a key of that model (0
stands for none), ``"x-internal": true`` what is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestock.kernel import ids

from .errors import InvalidEvent
from .schemas import newest_schema

_HIDDEN = object()
Schema = Mapping[str, Any]


def public_payload(event_type: str, version: int, payload: dict[str, Any]) -> dict[str, Any]:
    """``payload`` without keys of rows. A type without a schema shows nothing."""
    try:
        schema = newest_schema(event_type, version)
    except InvalidEvent:
        return {}
    shown: dict[str, Any] = _shown(payload, schema)
    return shown


def _shown(value: Any, schema: Schema) -> Any:
    if schema.get("x-internal"):
        return _HIDDEN
    if label := schema.get("x-public-id"):
        return _public(label, value)
    if isinstance(value, dict):
        return _object(value, schema.get("properties", {}))
    if isinstance(value, list):
        return [_shown(item, schema.get("items", {})) for item in value]
    return value


def _object(value: dict[str, Any], properties: Mapping[str, Schema]) -> dict[str, Any]:
    parts = {name: _shown(part, properties.get(name, {})) for name, part in value.items()}
    return {name: part for name, part in parts.items() if part is not _HIDDEN}


def _public(label: str, key: int | None) -> str | None:
    return ids.encode(label, key) if key and label.lower() in ids.known_labels() else None
