"""Serializer fields: public ids, exact decimals, closed lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lodestock.kernel import ids
from lodestock.kernel.errors import InvalidInput, NotFound
from lodestock.kernel.numbers import AMOUNT_PLACES, QUANTITY_DIGITS, QUANTITY_PLACES, parse_decimal

SQID_SCHEMA = {"type": "string", "minLength": ids.MIN_LENGTH, "examples": ["Dk3mV9"]}
DECIMAL_SCHEMA = {"type": "string", "format": "decimal", "examples": ["12.500000"]}


@extend_schema_field(SQID_SCHEMA)
class SqidField(serializers.Field[Any, Any, Any, Any]):
    """The public id of a row of ``label``; the key itself never leaves the program.

    Reading a request it gives the key (an ``int``) without asking the database: for lines that a
    service resolves in bulk. ``SqidRelatedField`` gives the row.
    """

    default_error_messages = {"invalid": "{value} is not the id of a {name}."}

    def __init__(self, label: str | type[models.Model], **kwargs: Any) -> None:
        # Not "label": that is DRF's word for the human name of a field.
        self.model_label = label if isinstance(label, str) else label._meta.label_lower
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        name = self.model_label.rpartition(".")[2].lower()
        try:
            return ids.decode(self.model_label, data if isinstance(data, str) else "")
        except NotFound:
            self.fail("invalid", value=repr(data)[:40], name=name)

    def to_representation(self, value: int | None) -> str | None:
        return ids.encode(self.model_label, value) if value else None


@extend_schema_field(SQID_SCHEMA)
class OwnSqidField(serializers.ReadOnlyField):
    """The row's own public id, from its ``sqid`` attribute."""


@extend_schema_field(SQID_SCHEMA)
class SqidRelatedField(serializers.RelatedField[Any, Any, Any]):
    """A foreign key as the sqid of the row it points to, resolved through ``queryset``."""

    default_error_messages = {
        "required": "This field is required.",
        "invalid": "There is no {name} with the id {value}.",
        "inactive": "The {name} {value} has been deactivated; choose an active one or restore it.",
    }

    def use_pk_only_optimization(self) -> bool:
        return True

    def to_internal_value(self, data: Any) -> models.Model:
        queryset: Any = self.get_queryset()
        meta = queryset.model._meta
        message = {"name": meta.verbose_name, "value": repr(data)[:40]}
        try:
            row = queryset.get(
                pk=ids.decode(meta.label_lower, data if isinstance(data, str) else "")
            )
        except (NotFound, queryset.model.DoesNotExist):
            self.fail("invalid", **message)
        if not getattr(row, "active", True):
            self.fail("inactive", **message)
        return row

    def to_representation(self, value: Any) -> str:
        return ids.encode(self._label(value), value.pk)

    def _label(self, value: Any) -> str:
        model = type(value) if isinstance(value, models.Model) else self._related_model()
        meta: Any = model._meta
        return str(meta.label_lower)

    def _related_model(self) -> Any:
        queryset = vars(self).get("queryset")
        if queryset is not None:
            return queryset.model
        serializer: Any = self.parent
        if isinstance(serializer, serializers.ManyRelatedField):
            serializer = serializer.parent
        source = (self.source or "").partition(".")[0]
        field = serializer.Meta.model._meta.get_field(source)
        return field.related_model

    def get_choices(self, cutoff: int | None = None) -> dict[str, str]:
        return {}


@extend_schema_field(DECIMAL_SCHEMA)
class ExactDecimalField(serializers.DecimalField):
    """A decimal as text. JSON numbers with a point are refused: they are not exact."""

    def __init__(
        self,
        max_digits: int | None = QUANTITY_DIGITS,
        decimal_places: int | None = None,
        **kwargs: Any,
    ) -> None:
        places = QUANTITY_PLACES if decimal_places is None else decimal_places
        super().__init__(max_digits=max_digits or QUANTITY_DIGITS, decimal_places=places, **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        assert self.max_digits is not None
        assert self.decimal_places is not None
        name = self.field_name or "value"
        try:
            return parse_decimal(
                data, field=name, places=self.decimal_places, digits=self.max_digits
            )
        except InvalidInput as error:
            raise serializers.ValidationError(error.detail, code=error.code) from None

    def to_representation(self, value: Any) -> str:
        assert self.decimal_places is not None
        return f"{Decimal(value).quantize(Decimal(1).scaleb(-self.decimal_places)):f}"


class QuantityField(ExactDecimalField):
    """A quantity greater than zero, in the unit the resource names (six decimals)."""

    def to_internal_value(self, data: Any) -> Decimal:
        number = super().to_internal_value(data)
        if number <= 0:
            raise serializers.ValidationError(
                f"{data} is not possible: a quantity must be greater than zero."
            )
        return number


class PriceField(ExactDecimalField):
    """A price per unit, zero or more (six decimals)."""

    def to_internal_value(self, data: Any) -> Decimal:
        number = super().to_internal_value(data)
        if number < 0:
            raise serializers.ValidationError(f"{data} is not possible: a price is never negative.")
        return number


class AmountField(ExactDecimalField):
    """A sum of money (four decimals)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimal_places=AMOUNT_PLACES, **kwargs)


class StatusChoiceField(serializers.ChoiceField):
    """A closed list; the refusal names what is possible."""

    default_error_messages = {"invalid_choice": "{input!r} is unknown; possible are: {possible}."}

    def fail(self, key: str, **kwargs: Any) -> Any:
        return super().fail(key, possible=", ".join(map(str, self.choices)), **kwargs)
