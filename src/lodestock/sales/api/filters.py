"""Filters of sales' lists."""

from __future__ import annotations

import django_filters

from lodestock.kernel.api.filters import RecordFilterSet
from lodestock.sales.models import ReturnLine, ReturnOrder, SalesLine, SalesOrder


class SalesOrderFilterSet(RecordFilterSet):
    """``ordered_after`` is included, ``ordered_before`` is not."""

    ordered_after = django_filters.IsoDateTimeFilter("ordered_at", lookup_expr="gte")
    ordered_before = django_filters.IsoDateTimeFilter("ordered_at", lookup_expr="lt")
    required_after = django_filters.DateFilter("required_on", lookup_expr="gte")
    required_before = django_filters.DateFilter("required_on", lookup_expr="lt")
    currency = django_filters.CharFilter("currency_id")

    class Meta:
        model = SalesOrder
        fields = (
            *("status", "customer", "site", "location", "on_hold", "walk_in", "number"),
            *("source", "external_id"),
        )


class SalesLineFilterSet(RecordFilterSet):
    class Meta:
        model = SalesLine
        fields = ("order", "variant", "sku", "kind", "external_key")


class ReturnOrderFilterSet(RecordFilterSet):
    """``occurred_after`` is included, ``occurred_before`` is not."""

    occurred_after = django_filters.IsoDateTimeFilter("occurred_at", lookup_expr="gte")
    occurred_before = django_filters.IsoDateTimeFilter("occurred_at", lookup_expr="lt")

    class Meta:
        model = ReturnOrder
        fields = (
            *("status", "customer", "site", "location", "stock_status", "reason_code"),
            *("walk_in", "number", "source", "external_id"),
        )


class ReturnLineFilterSet(RecordFilterSet):
    class Meta:
        model = ReturnLine
        fields = ("return_order", "sales_line", "variant", "sku", "kind", "flag")
