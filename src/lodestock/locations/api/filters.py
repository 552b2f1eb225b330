"""Filters of the list of locations."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db import models

from lodestock.kernel.api.filters import RecordFilterSet, SqidFilter
from lodestock.kernel.gs1 import parse_gln
from lodestock.locations import selectors
from lodestock.locations.models import Location


class LocationFilterSet(RecordFilterSet):
    """``under`` gives a place with everything in it, ``top=true`` the roots."""

    under = SqidFilter(method="filter_under", label_of="locations.location")
    top = django_filters.BooleanFilter("parent", lookup_expr="isnull")
    gln = django_filters.CharFilter(method="filter_gln")

    class Meta:
        model = Location
        fields = {
            "site": ["exact"],
            "parent": ["exact"],
            "department": ["exact"],
            "kind": ["exact"],
            "virtual_kind": ["exact"],
            "type": ["exact"],
            "status": ["exact"],
            "temperature_band": ["exact"],
            "holds_stock": ["exact"],
            "code": ["exact", "in"],
            "path": ["exact", "in"],
        }

    def filter_under(self, rows: Any, name: str, value: int) -> models.QuerySet[Location]:
        return rows.filter(pk__in=selectors.subtree_of(value).order_by().values("pk"))

    def filter_gln(self, rows: Any, name: str, value: str) -> models.QuerySet[Location]:
        return rows.filter(gln=parse_gln(value))
