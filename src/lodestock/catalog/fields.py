"""The attributes column: JSONB whose equality filters use its GIN index."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.fields.json import KeyTransform, KeyTransformExact
from django.db.models.sql.compiler import SQLCompiler

from lodestock.kernel.exact_json import ExactEncoder, dumps
from lodestock.kernel.models.history import ExactDecoder


class AttributesField(models.JSONField):
    """``filter(attributes__voltage=230)`` looks the value up in the GIN index.

    Django alone compares ``attributes -> 'voltage'``, which no index on the column serves.
    Numbers keep every digit in both directions.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"encoder": ExactEncoder, "decoder": ExactDecoder}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["encoder"], kwargs["decoder"]
        return name, path, args, kwargs

    def get_transform(self, name: str) -> Any:
        found = models.Field.get_transform(self, name)
        return found or _AttributeFactory(name)


class Attribute(KeyTransform):
    """One key of the attributes; deeper keys stay attributes."""

    def get_transform(self, name: str) -> Any:
        found = models.Transform.get_transform(self, name)
        return found if found and found is not KeyTransform else _AttributeFactory(name)


class _AttributeFactory:
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Attribute:
        return Attribute(self.name, *args, **kwargs)


@Attribute.register_lookup
class AttributeExact(KeyTransformExact):
    """Equality, preceded by the containment test that the index can answer."""

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        exact_sql, exact_params = super().as_sql(compiler, connection)
        if self.rhs is None or not self.rhs_is_direct_value():
            return exact_sql, exact_params
        column, keys = self._path()
        column_sql, column_params = compiler.compile(column)
        contained: Any = self.rhs
        for key in reversed(keys):
            contained = {key: contained}
        text = dumps(contained)
        sql = f"({column_sql} @> %s::jsonb AND {exact_sql})"
        return sql, [*column_params, text, *exact_params]

    def _path(self) -> tuple[Any, list[str]]:
        keys, node = [], self.lhs
        while isinstance(node, KeyTransform):
            keys.append(node.key_name)
            node = node.lhs
        return node, keys[::-1]
