"""Pages by keyset: the cursor says after which row to go on, however large the table is."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.utils.urls import remove_query_param, replace_query_param

from lodestock.kernel import ids
from lodestock.kernel.errors import InvalidInput, NotFound

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 1000
EXACT_COUNT_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Key:
    """One column of the order: ``path`` as in ``order_by``, ``field`` when it is a model's."""

    path: str
    descending: bool
    field: models.Field[Any, Any] | None

    @property
    def nullable(self) -> bool:
        return self.field is None or self.field.null or "__" in self.path

    @property
    def is_key(self) -> bool:
        return self.field is not None and self.field.primary_key

    def dump(self, row: Any) -> Any:
        value = row
        for name in self.path.split("__"):
            value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
        if self.is_key and self._label in ids.known_labels():
            return ids.encode(self._label, value)
        return value

    def load(self, value: Any) -> Any:
        if value is None or self.field is None:
            return value
        if self.is_key and self._label in ids.known_labels():
            return ids.decode(self._label, str(value))
        return self.field.to_python(value)

    @property
    def _label(self) -> str:
        assert self.field is not None
        return self.field.model._meta.label_lower

    def ordering(self, *, backward: bool) -> str:
        return f"-{self.path}" if self.descending != backward else self.path


class KeysetPagination(BasePagination):
    """``?cursor=…&page_size=…`` (at most 1,000). The answer says how many rows there are in all.

    ``count`` is exact up to 100,000 rows; above, it is PostgreSQL's estimate and
    ``count_is_estimate`` is true. ``?count=false`` saves the counting.
    """

    query_params = ("cursor", "page_size", "count")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.page_size = _page_size(request)
        self.keys = order_keys(queryset)
        self.count, self.count_is_estimate = _count(queryset, request)
        cursor = _read_cursor(request.query_params.get("cursor", ""), self.keys)
        self.backward = bool(cursor and cursor[0] == "p")
        rows = self._rows(queryset, cursor)
        more = len(rows) > self.page_size
        self.rows = rows[: self.page_size]
        if self.backward:
            self.rows.reverse()
        self.has_next = more if not self.backward else True
        self.has_previous = more if self.backward else cursor is not None
        return self.rows

    def _rows(
        self, queryset: models.QuerySet[Any], cursor: tuple[str, list[Any]] | None
    ) -> list[Any]:
        queryset = queryset.order_by(*[k.ordering(backward=self.backward) for k in self.keys])
        if cursor:
            queryset = queryset.filter(_beyond(self.keys, cursor[1], backward=self.backward))
        return list(queryset[: self.page_size + 1])

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._link("n", -1) if self.has_next else None,
                "previous": self._link("p", 0) if self.has_previous else None,
                "count": self.count,
                "count_is_estimate": self.count_is_estimate,
                "results": data,
            }
        )

    def _link(self, direction: str, index: int) -> str | None:
        here = self.request.build_absolute_uri()
        if not self.rows:
            return remove_query_param(here, "cursor") if direction == "p" else None
        cursor = _write_cursor(direction, self.keys, self.rows[index])
        return replace_query_param(here, "cursor", cursor)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "count", "count_is_estimate", "results"],
            "properties": {
                "next": link,
                "previous": link,
                "count": {
                    "type": ["integer", "null"],
                    "description": f"Rows in all; exact up to {EXACT_COUNT_LIMIT:,}.",
                },
                "count_is_estimate": {"type": "boolean"},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        described = {
            "cursor": ("string", "Where to go on; taken from `next` or `previous`."),
            "page_size": ("integer", f"Rows a page, 1 to {MAX_PAGE_SIZE}."),
            "count": ("boolean", "`false` leaves out the counting."),
        }
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": text,
                "schema": {"type": kind},
            }
            for name, (kind, text) in described.items()
        ]


def order_keys(queryset: models.QuerySet[Any]) -> list[Key]:
    """The queryset's order as columns, ended by the primary key so that it is total."""
    names = list(queryset.query.order_by or queryset.model._meta.ordering or ())
    keys = [_key(queryset.model, str(name)) for name in names]
    if not any(key.is_key and "__" not in key.path for key in keys):
        descending = keys[-1].descending if keys else True
        keys.append(Key(queryset.model._meta.pk.attname, descending, queryset.model._meta.pk))
    return keys


def _key(model: type[models.Model], name: str) -> Key:
    path = name.lstrip("-")
    if path == "pk":
        path = model._meta.pk.attname
    return Key(path, name.startswith("-"), _field(model, path))


def _field(model: type[models.Model], path: str) -> models.Field[Any, Any] | None:
    field: Any = None
    for part in path.split("__"):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = field.related_model or model
    return field


def _page_size(request: Request) -> int:
    text = request.query_params.get("page_size", "")
    if not text:
        return DEFAULT_PAGE_SIZE
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= MAX_PAGE_SIZE:
        raise InvalidInput(
            f"page_size is {text[:20]!r}; possible are 1 to {MAX_PAGE_SIZE}.", field="page_size"
        )
    return int(text)


def _count(queryset: models.QuerySet[Any], request: Request) -> tuple[int | None, bool]:
    wanted = request.query_params.get("count", "true")
    if wanted not in {"true", "false"}:
        raise InvalidInput(f"count is {wanted[:20]!r}; possible are true, false.", field="count")
    if wanted == "false":
        return None, False
    counted = queryset.order_by()[: EXACT_COUNT_LIMIT + 1].count()
    if counted <= EXACT_COUNT_LIMIT:
        return counted, False
    plan = json.loads(queryset.order_by().explain(format="json"))
    return max(int(plan[0]["Plan"]["Plan Rows"]), counted), True


def _write_cursor(direction: str, keys: Sequence[Key], row: Any) -> str:
    payload = [direction, _order_name(keys), [key.dump(row) for key in keys]]
    text = json.dumps(payload, cls=JSONEncoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(text: str, keys: Sequence[Key]) -> tuple[str, list[Any]] | None:
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        direction, order, values = json.loads(raw)
        if direction not in {"n", "p"} or order != _order_name(keys) or len(values) != len(keys):
            raise ValueError(order)
        return direction, [key.load(value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, binascii.Error, ValidationError, NotFound, RecursionError):
        raise InvalidInput(
            "This cursor does not belong to this list and order: start again without one.",
            field="cursor",
        ) from None


def _order_name(keys: Sequence[Key]) -> str:
    return ",".join(key.ordering(backward=False) for key in keys)


def _beyond(keys: Sequence[Key], values: Sequence[Any], *, backward: bool) -> Q:
    """Rows that come after ``values`` in the order given (before them, when ``backward``)."""
    key, value = keys[0], values[0]
    descending = key.descending != backward
    strictly, level = _after(key, value, descending=descending), _same(key, value)
    if len(keys) == 1:
        return strictly
    rest = strictly | (level & _beyond(keys[1:], values[1:], backward=backward))
    if key.nullable:
        return rest
    # Says the same once more, in the form an index can use.
    return Q(**{f"{key.path}__{'lte' if descending else 'gte'}": value}) & rest


def _same(key: Key, value: Any) -> Q:
    return Q(**{f"{key.path}__isnull": True}) if value is None else Q(**{key.path: value})


def _after(key: Key, value: Any, *, descending: bool) -> Q:
    """PostgreSQL puts NULL last when ascending and first when descending."""
    if value is None:
        return Q(**{f"{key.path}__isnull": False}) if descending else Q(pk__in=[])
    after = Q(**{f"{key.path}__{'lt' if descending else 'gt'}": value})
    if key.nullable and not descending:
        after |= Q(**{f"{key.path}__isnull": True})
    return after
