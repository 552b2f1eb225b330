"""Attributes over HTTP: JSON numbers stay exact in both directions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

ATTRIBUTES_SCHEMA = {
    "type": "object",
    "additionalProperties": True,
    "examples": [{"colour": "red", "voltage": 230}],
}


@extend_schema_field(ATTRIBUTES_SCHEMA)
class AttributesJSONField(serializers.JSONField):
    """Names and values. The shortest text of a JSON number is what is meant and kept."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError("Send an object of names and values.")
        return {name: _exact(value) for name, value in data.items()}

    def to_representation(self, value: Any) -> Any:
        return {name: _shown(inner) for name, inner in value.items()}


def _exact(value: Any) -> Any:
    if isinstance(value, list):
        return [_exact(item) for item in value]
    return Decimal(repr(value)) if isinstance(value, float) else value


def _shown(value: Any) -> Any:
    """A number where its digits survive JSON readers that only know floats, else text."""
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if isinstance(value, Decimal):
        near = float(value)
        return near if Decimal(repr(near)) == value else str(value)
    return value
