"""Filters of purchasing's lists."""

from __future__ import annotations

import django_filters

from lodestock.kernel.api.filters import RecordFilterSet
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder, Receipt, ReceiptLine


class PurchaseOrderFilterSet(RecordFilterSet):
    """``ordered_after`` is included, ``ordered_before`` is not."""

    ordered_after = django_filters.IsoDateTimeFilter("ordered_at", lookup_expr="gte")
    ordered_before = django_filters.IsoDateTimeFilter("ordered_at", lookup_expr="lt")
    due_after = django_filters.DateFilter("due_on", lookup_expr="gte")
    due_before = django_filters.DateFilter("due_on", lookup_expr="lt")
    currency = django_filters.CharFilter("currency_id")

    class Meta:
        model = PurchaseOrder
        fields = ("status", "supplier", "site", "number", "source", "external_id")


class PurchaseLineFilterSet(RecordFilterSet):
    promised_after = django_filters.DateFilter("promised_on", lookup_expr="gte")
    promised_before = django_filters.DateFilter("promised_on", lookup_expr="lt")

    class Meta:
        model = PurchaseLine
        fields = ("order", "variant", "external_key")


class ReceiptFilterSet(RecordFilterSet):
    """``occurred_after`` is included, ``occurred_before`` is not."""

    occurred_after = django_filters.IsoDateTimeFilter("occurred_at", lookup_expr="gte")
    occurred_before = django_filters.IsoDateTimeFilter("occurred_at", lookup_expr="lt")

    class Meta:
        model = Receipt
        fields = ("order", "location", "direct", "number", "source", "external_id")


class ReceiptLineFilterSet(RecordFilterSet):
    class Meta:
        model = ReceiptLine
        fields = ("receipt", "purchase_line", "variant", "status", "judgement", "lot_no")
