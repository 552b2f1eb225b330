"""The back office of purchasing. Documents change by their verbs, not by hand."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import TabularInline

from lodestock.kernel.admin import ReadOnlyAdmin

from .models import PurchaseLine, PurchaseOrder, Receipt, ReceiptLine


class PurchaseLineInline(TabularInline):
    model = PurchaseLine
    fields = readonly_fields = (
        *("line_no", "variant", "quantity", "uom", "unit_price", "amount", "received"),
        *("cancelled", "promised_on"),
    )
    extra = 0
    can_delete = False


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReadOnlyAdmin):
    list_display = (
        *("number", "supplier", "site", "status", "total", "currency_id", "ordered_at", "due_on"),
    )
    list_filter = ("status", "site")
    list_select_related = ("supplier", "site")
    search_fields = ("number", "external_id", "supplier__code", "supplier__name")
    inlines = (PurchaseLineInline,)


@admin.register(PurchaseLine)
class PurchaseLineAdmin(ReadOnlyAdmin):
    list_display = ("order", "line_no", "variant", "base_quantity", "received", "promised_on")
    list_filter = ("order__status",)
    list_select_related = ("order", "variant")
    search_fields = ("order__number", "variant__sku", "external_key", "description")


class ReceiptLineInline(TabularInline):
    model = ReceiptLine
    fields = readonly_fields = (
        *("line_no", "variant", "base_quantity", "status", "judgement", "lot_no"),
    )
    extra = 0
    can_delete = False


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    list_display = ("number", "order", "location", "direct", "occurred_at", "delivery_note")
    list_filter = ("direct",)
    list_select_related = ("order", "location")
    search_fields = ("number", "order__number", "delivery_note", "external_id")
    inlines = (ReceiptLineInline,)


@admin.register(ReceiptLine)
class ReceiptLineAdmin(ReadOnlyAdmin):
    list_display = ("receipt", "line_no", "variant", "base_quantity", "status", "judgement")
    list_filter = ("status", "judgement", "condition")
    list_select_related = ("receipt", "variant")
    search_fields = ("receipt__number", "variant__sku", "lot_no")
