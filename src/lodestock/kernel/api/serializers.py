"""Serializers that show sqids, read exact decimals and refuse fields they do not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from rest_framework import serializers

from .fields import ExactDecimalField, OwnSqidField, SqidRelatedField, StatusChoiceField


class StrictMixin:
    """An unknown field in a request is a mistake to be named, not to be ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            fields: Mapping[str, Any] = self.fields  # type: ignore[attr-defined]
            unknown = [name for name in data if name not in fields]
            if unknown:
                writable = [name for name, field in fields.items() if not field.read_only]
                text = f"There is no such field; known are: {', '.join(writable) or 'none'}."
                raise serializers.ValidationError(
                    {name: [text] for name in unknown}, code="unknown"
                )
        return super().to_internal_value(data)  # type: ignore[misc]


class StrictSerializer(StrictMixin, serializers.Serializer[Any]):
    """A request or answer that is not one model's row."""


class NoBody(StrictSerializer):
    """A verb that needs nothing but its address."""


class ReasonBody(StrictSerializer):
    """A verb that may carry a reason; history keeps it."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class ReasonRequired(StrictSerializer):
    """A verb that must say why."""

    reason = serializers.CharField(max_length=500)


class RecordSerializer(StrictMixin, serializers.ModelSerializer[Any]):
    """A row: ``sqid`` first, foreign keys as sqids, decimals as text.

    List the fields in ``Meta.fields``; ``id`` and raw foreign keys are refused there.
    """

    sqid = OwnSqidField()

    serializer_related_field = SqidRelatedField
    serializer_choice_field = StatusChoiceField
    serializer_field_mapping: ClassVar[dict[type[models.Field[Any, Any]], Any]] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DecimalField: ExactDecimalField,
    }

    def get_field_names(self, declared_fields: Any, info: Any) -> Any:
        names = super().get_field_names(declared_fields, info)
        assert "id" not in names, f"{type(self).__name__}: show 'sqid', never the raw 'id'"
        return names

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if issubclass(field_class, ExactDecimalField):
            kwargs = {
                "max_digits": model_field.max_digits,
                "decimal_places": model_field.decimal_places,
                **{key: kwargs[key] for key in _PASSED if key in kwargs},
            }
        return field_class, kwargs


_PASSED = ("required", "allow_null", "default", "read_only", "validators", "help_text", "label")
