"""``GET …/{sqid}/history``: who changed what, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from rest_framework import serializers

from lodestock.kernel import ids
from lodestock.kernel.models import History, Record
from lodestock.kernel.principals import directory

from .pagination import KeysetPagination

USER_LABEL = "accounts.user"
_ACTOR_COLUMNS = ("actor_id", "user_id")


class HistoryPagination(KeysetPagination):
    """Newest first."""


class ActorSerializer(serializers.Serializer[Any]):
    """Who it was; null for the program itself."""

    sqid = serializers.CharField()
    name = serializers.CharField()


class FieldChangeSerializer(serializers.Serializer[Any]):
    """One field's value before and after; null before a creation."""

    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)


class HistoryEntrySerializer(serializers.Serializer[Any]):
    """One change."""

    recorded_at = serializers.DateTimeField()
    operation = serializers.ChoiceField(choices=["create", "update", "delete"])
    actor = ActorSerializer(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    correlation_id = serializers.UUIDField(allow_null=True)
    changes = serializers.DictField(child=FieldChangeSerializer())


def entries(model: type[Record], rows: Sequence[History]) -> list[dict[str, Any]]:
    """History rows as the API shows them: public ids, field names, names of actors."""
    names = directory().names({row.actor_id for row in rows if row.actor_id})
    return [_entry(model, row, names) for row in rows]


def _entry(model: type[Record], row: History, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "recorded_at": row.recorded_at,
        "operation": row.operation,
        "actor": _actor(row.actor_id, names),
        "reason": row.reason,
        "correlation_id": row.correlation_id,
        "changes": dict(_changes(model, row.pairs)),
    }


def _actor(actor_id: int | None, names: Mapping[int, str]) -> dict[str, str] | None:
    if actor_id is None:
        return None
    return {"sqid": ids.encode(USER_LABEL, actor_id), "name": names.get(actor_id, "")}


def _changes(
    model: type[Record], changes: Mapping[str, tuple[Any, Any]]
) -> Iterable[tuple[str, dict[str, Any]]]:
    columns = {field.column: field for field in model._meta.concrete_fields}
    for column, (old, new) in changes.items():
        field = columns.get(column)
        if field is not None:
            shown = _public(field)
            if shown is not None:
                name, show = shown
                yield name, {"old": show(old), "new": show(new)}


def _public(field: models.Field[Any, Any]) -> tuple[str, Any] | None:
    """The API's name of a column and how to show its value; ``None`` for opaque keys."""
    if field.primary_key:
        return "sqid", _encoder(field.model._meta.label_lower)
    if isinstance(field, models.ForeignKey):
        return _public_reference(field)
    column = str(field.column)
    if column.endswith(_ACTOR_COLUMNS):
        return column.removesuffix("_id"), _encoder(USER_LABEL)
    if column.endswith("_id") and isinstance(field, models.BigIntegerField):
        return None
    if isinstance(field, models.DecimalField):
        return field.name, lambda value: None if value is None else str(value)
    return field.name, _as_it_is


def _public_reference(field: Any) -> tuple[str, Any] | None:
    """A foreign key as a public id, or as the code it holds; ``None`` for rows without either."""
    if not field.target_field.primary_key:
        return field.name, _as_it_is
    label = field.related_model._meta.label_lower
    return (field.name, _encoder(label)) if label in ids.known_labels() else None


def _as_it_is(value: Any) -> Any:
    return value


def _encoder(label: str) -> Any:
    return lambda key: None if key is None else ids.encode(label, int(key))


__all__ = ["HistoryEntrySerializer", "HistoryPagination", "entries"]
