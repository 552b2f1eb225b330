"""Filters of this room's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db import models
from django.db.models import Q

from lodestock.inventory.models import (
    Balance,
    HandlingUnit,
    Lot,
    Movement,
    Posting,
    Reservation,
    StockPeriod,
)
from lodestock.kernel.api.filters import (
    RecordFilterSet,
    SqidFilter,
    SqidInFilter,
    StrictFilterSet,
)
from lodestock.locations.selectors import subtree_of


def _below(value: int) -> models.QuerySet[Any]:
    return subtree_of(value).order_by().values("pk")


class StockFilterSet(StrictFilterSet):
    """``item`` and ``location`` give the rows of an article in a place, ``under`` a whole subtree.

    Rows without stock are left out unless ``zero=true``.
    """

    item = SqidFilter("variant_id", label_of="catalog.variant")
    variant = SqidFilter("variant_id", label_of="catalog.variant")
    variant__in = SqidInFilter("variant_id", lookup_expr="in", label_of="catalog.variant")
    sku = django_filters.CharFilter("variant__sku")
    lot = SqidFilter("lot_id", label_of="inventory.lot")
    owner = SqidFilter("owner_id", label_of="partners.partner")
    under = SqidFilter(method="filter_under", label_of="locations.location")
    zero = django_filters.BooleanFilter(method="filter_zero")

    class Meta:
        model = Balance
        fields = {"location": ["exact"], "status": ["exact"]}

    def filter_under(self, rows: Any, name: str, value: int) -> models.QuerySet[Balance]:
        return rows.filter(location_id__in=_below(value))

    def filter_zero(self, rows: Any, name: str, value: bool) -> models.QuerySet[Balance]:
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("zero") else rows.exclude(on_hand=0, reserved=0)


class MovementFilterSet(StrictFilterSet):
    """``location`` is either side; ``recorded_…`` bounds the partitions that are read."""

    posting = SqidFilter("posting_id", label_of="inventory.posting")
    variant = SqidFilter("variant_id", label_of="catalog.variant")
    sku = django_filters.CharFilter("variant__sku")
    lot = SqidFilter("lot_id", label_of="inventory.lot")
    location = SqidFilter(method="filter_location", label_of="locations.location")
    handling_unit = SqidFilter(method="filter_unit", label_of="inventory.handlingunit")
    reference_type = django_filters.CharFilter("posting__reference_type")
    reference_id = django_filters.CharFilter("posting__reference_id")
    occurred_after = django_filters.IsoDateTimeFilter("occurred_at", lookup_expr="gte")
    occurred_before = django_filters.IsoDateTimeFilter("occurred_at", lookup_expr="lt")
    recorded_after = django_filters.IsoDateTimeFilter("recorded_at", lookup_expr="gte")
    recorded_before = django_filters.IsoDateTimeFilter("recorded_at", lookup_expr="lt")

    class Meta:
        model = Movement
        fields = {"kind": ["exact"], "reason_code": ["exact"]}

    def filter_location(self, rows: Any, name: str, value: int) -> models.QuerySet[Movement]:
        return rows.filter(Q(source_id=value) | Q(destination_id=value))

    def filter_unit(self, rows: Any, name: str, value: int) -> models.QuerySet[Movement]:
        return rows.filter(Q(source_hu_id=value) | Q(destination_hu_id=value))


class PostingFilterSet(StrictFilterSet):
    occurred_after = django_filters.IsoDateTimeFilter("occurred_at", lookup_expr="gte")
    occurred_before = django_filters.IsoDateTimeFilter("occurred_at", lookup_expr="lt")
    recorded_after = django_filters.IsoDateTimeFilter("recorded_at", lookup_expr="gte")
    recorded_before = django_filters.IsoDateTimeFilter("recorded_at", lookup_expr="lt")

    class Meta:
        model = Posting
        fields = {"kind": ["exact"], "reference_type": ["exact"], "reference_id": ["exact"]}


class LotFilterSet(RecordFilterSet):
    expires_before = django_filters.DateFilter("expires_on", lookup_expr="lt")
    sku = django_filters.CharFilter("variant__sku")

    class Meta:
        model = Lot
        fields = {
            "variant": ["exact"],
            "supplier": ["exact"],
            "status": ["exact"],
            "code": ["exact"],
        }


class ReservationFilterSet(StrictFilterSet):
    variant = SqidFilter("variant_id", label_of="catalog.variant")
    short = django_filters.BooleanFilter(method="filter_short")
    expires_before = django_filters.IsoDateTimeFilter("expires_at", lookup_expr="lt")

    class Meta:
        model = Reservation
        fields = {"status": ["exact"], "reference_type": ["exact"], "reference_id": ["exact"]}

    def filter_short(self, rows: Any, name: str, value: bool) -> models.QuerySet[Reservation]:
        return rows.filter(shortage__gt=0) if value else rows.filter(shortage=0)


class HandlingUnitFilterSet(RecordFilterSet):
    under = SqidFilter(method="filter_under", label_of="locations.location")
    holds = SqidFilter("contents__variant_id", label_of="catalog.variant")

    class Meta:
        model = HandlingUnit
        fields = {
            "kind": ["exact"],
            "uuid": ["exact"],
            "sscc": ["exact"],
            "serial": ["exact"],
            "variant": ["exact"],
            "parent": ["exact"],
            "location": ["exact"],
        }

    def filter_under(self, rows: Any, name: str, value: int) -> models.QuerySet[HandlingUnit]:
        return rows.filter(location_id__in=_below(value))


class StockPeriodFilterSet(RecordFilterSet):
    class Meta:
        model = StockPeriod
        fields = {"status": ["exact"], "code": ["exact"]}
