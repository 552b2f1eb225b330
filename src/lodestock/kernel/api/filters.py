"""Filters that refuse what they do not know: a filter nobody applied is a wrong answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db import models
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from drf_spectacular.utils import extend_schema_field
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.request import Request

from lodestock.kernel import ids
from lodestock.kernel.errors import InvalidInput, NotFound
from lodestock.kernel.fields import EnumField

from .fields import SQID_SCHEMA


class SqidFormField(forms.CharField):
    """Text that must be a public id; cleans to the key."""

    def __init__(self, *args: Any, label_of: str = "", **kwargs: Any) -> None:
        self.label_of = label_of
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return ids.decode(self.label_of, text)
        except NotFound as error:
            raise forms.ValidationError(error.detail) from None


@extend_schema_field(SQID_SCHEMA)
class SqidFilter(django_filters.Filter):
    """``?supplier=Dk3mV9``: rows whose foreign key is this public id; no query to resolve it."""

    field_class = SqidFormField

    def __init__(self, field_name: str | None = None, *, label_of: str, **kwargs: Any) -> None:
        super().__init__(field_name, label_of=label_of, **kwargs)


class SqidInFilter(django_filters.BaseInFilter, SqidFilter):
    """``?supplier__in=Dk3mV9,Xw2pQr``."""


def _closed_list(choices: Any) -> dict[str, Any]:
    """Arguments of a choice filter whose refusal names what is possible."""
    possible = ", ".join(value for value, _ in choices)
    message = f"%(value)s is unknown; possible are: {possible}."
    return {"choices": choices, "error_messages": {"invalid_choice": message}}


class WordFilter(django_filters.ChoiceFilter):
    """One of a closed list, without an empty choice."""

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", None)
        super().__init__(*args, **_closed_list(choices), **kwargs)


class WordInFilter(django_filters.BaseInFilter, WordFilter):
    """``?status__in=draft,sent``: any of a closed list."""


@extend_schema_field({"type": "string", "enum": ["true", "false", "all"], "default": "true"})
class ActiveFilter(django_filters.ChoiceFilter):
    """``active=true`` (the default), ``false`` or ``all``."""

    def __init__(self, **kwargs: Any) -> None:
        words = [("true", "active rows"), ("false", "deactivated rows"), ("all", "both")]
        super().__init__(field_name="active", empty_label=None, **_closed_list(words), **kwargs)

    def filter(self, qs: models.QuerySet[Any], value: Any) -> models.QuerySet[Any]:
        if value == "all":
            return qs
        return qs.filter(active=value != "false")


class StrictFilterSet(django_filters.FilterSet):
    """Base of every filter set. A closed list ``status`` also gets ``status__in``, a foreign key
    is filtered by sqid and also gets ``…__in``, a moment takes ISO 8601.
    """

    class Meta:
        filter_overrides: ClassVar[dict[type[models.Field[Any, Any]], Any]] = {
            models.DateTimeField: {"filter_class": django_filters.IsoDateTimeFilter},
        }

    @classmethod
    def filter_for_field(
        cls, field: Any, field_name: str, lookup_expr: str | None = None
    ) -> django_filters.Filter:
        lookup = lookup_expr or "exact"
        if isinstance(field, models.ForeignKey) and lookup in {"exact", "in"}:
            label = field.related_model._meta.label_lower
            kind = SqidInFilter if lookup == "in" else SqidFilter
            return kind(field_name=f"{field_name}_id", lookup_expr=lookup, label_of=label)
        if isinstance(field, EnumField) and lookup in {"exact", "in"}:
            word = WordInFilter if lookup == "in" else WordFilter
            return word(field_name=field_name, lookup_expr=lookup, choices=field.choices)
        if isinstance(field, models.DateTimeField):
            return django_filters.IsoDateTimeFilter(field_name=field_name, lookup_expr=lookup)
        return super().filter_for_field(field, field_name, lookup)

    @classmethod
    def get_fields(cls) -> dict[str, Sequence[str]]:
        return {name: _with_in(cls, name, looks) for name, looks in super().get_fields().items()}


class RecordFilterSet(StrictFilterSet):
    """For records: ``active`` (only active rows unless asked otherwise) and the timestamps."""

    active = ActiveFilter()
    created_after = django_filters.IsoDateTimeFilter("created_at", lookup_expr="gte")
    created_before = django_filters.IsoDateTimeFilter("created_at", lookup_expr="lt")
    updated_after = django_filters.IsoDateTimeFilter("updated_at", lookup_expr="gte")
    updated_before = django_filters.IsoDateTimeFilter("updated_at", lookup_expr="lt")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        data.setdefault("active", "true")
        super().__init__(data, *args, **kwargs)


def _with_in(cls: type[StrictFilterSet], name: str, lookups: Iterable[str]) -> list[str]:
    """``exact`` on a closed list or a foreign key brings ``in`` along."""
    found = list(lookups)
    field = django_filters.utils.get_model_field(cls._meta.model, name)
    if isinstance(field, EnumField | models.ForeignKey) and "exact" in found and "in" not in found:
        found.append("in")
    return found


class StrictFilterBackend(DjangoFilterBackend):
    """Applies the filter set and refuses query parameters that no part of the list understands."""

    def filter_queryset(
        self, request: Request, queryset: models.QuerySet[Any], view: Any
    ) -> models.QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        known = self.known(filterset, view)
        for name in request.query_params:
            if name not in known and not view.knows_query_param(name):
                raise InvalidInput(
                    f"There is no filter {name[:60]!r} on this list; known are:"
                    f" {', '.join(sorted(known))}.",
                    field=name[:60],
                )
            _refuse_repeated(request, name)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        return filterset.qs

    def known(self, filterset: Any, view: Any) -> set[str]:
        """Every query parameter this list understands."""
        names = set(view.extra_query_params)
        names |= set(filterset.filters) if filterset is not None else set()
        names |= {"ordering"} if view.ordering_fields else set()
        names |= {"search"} if view.search_fields else set()
        return names | set(getattr(view.paginator, "query_params", ()))


def _refuse_repeated(request: Request, name: str) -> None:
    if len(request.query_params.getlist(name)) > 1:
        raise InvalidInput(
            f"{name} is given more than once; write several values as {name}__in=a,b.", field=name
        )


class StrictOrderingFilter(OrderingFilter):
    """``?ordering=-ordered_on,number``; an unknown column is refused by name."""

    def remove_invalid_fields(
        self, queryset: Any, fields: Iterable[str], view: Any, request: Request
    ) -> list[str]:
        valid = [name for name, _ in self.get_valid_fields(queryset, view, {"request": request})]
        fields = [field.strip() for field in fields]
        for field in fields:
            if field.removeprefix("-") not in valid:
                raise InvalidInput(
                    f"This list cannot be ordered by {field[:60]!r}; possible are:"
                    f" {', '.join(valid)}.",
                    field="ordering",
                )
        return fields


class StrictSearchFilter(SearchFilter):
    """``?search=…`` over the view's ``search_fields``; every word must occur in one of them."""

    def get_search_terms(self, request: Request) -> list[str]:
        text = request.query_params.get("search", "")
        if "\x00" in text or len(text) > 200:
            raise InvalidInput("search: at most 200 printable characters.", field="search")
        return super().get_search_terms(request)
