"""The back office of sales. Documents change by their verbs, not by hand."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import TabularInline

from lodestock.kernel.admin import ReadOnlyAdmin

from .models import ReturnLine, ReturnOrder, SalesLine, SalesOrder


class SalesLineInline(TabularInline):
    model = SalesLine
    fields = readonly_fields = (
        *("line_no", "kind", "sku", "quantity", "uom", "unit_price", "amount"),
        *("shipped", "cancelled", "returned"),
    )
    extra = 0
    can_delete = False


@admin.register(SalesOrder)
class SalesOrderAdmin(ReadOnlyAdmin):
    list_display = (
        *("number", "customer", "site", "status", "on_hold", "total", "currency_id"),
        *("ordered_at", "required_on"),
    )
    list_filter = ("status", "on_hold", "walk_in", "site")
    list_select_related = ("customer", "site")
    search_fields = ("number", "external_id", "customer__code", "customer__name")
    inlines = (SalesLineInline,)


@admin.register(SalesLine)
class SalesLineAdmin(ReadOnlyAdmin):
    list_display = ("order", "line_no", "sku", "base_quantity", "shipped", "returned")
    list_filter = ("kind", "order__status")
    list_select_related = ("order",)
    search_fields = ("order__number", "sku", "description")


class ReturnLineInline(TabularInline):
    model = ReturnLine
    fields = readonly_fields = ("line_no", "sku", "quantity", "uom", "amount", "flag")
    extra = 0
    can_delete = False


@admin.register(ReturnOrder)
class ReturnOrderAdmin(ReadOnlyAdmin):
    list_display = (
        *("number", "customer", "status", "stock_status", "reason_code", "unmatched_lines"),
        *("occurred_at",),
    )
    list_filter = ("status", "stock_status", "walk_in", "reason_code")
    list_select_related = ("customer",)
    search_fields = ("number", "external_id", "customer__code", "customer__name")
    inlines = (ReturnLineInline,)


@admin.register(ReturnLine)
class ReturnLineAdmin(ReadOnlyAdmin):
    list_display = ("return_order", "line_no", "sku", "base_quantity", "flag")
    list_filter = ("flag", "kind")
    list_select_related = ("return_order",)
    search_fields = ("return_order__number", "sku", "description")
