"""The back office of the catalogue."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from lodestock.kernel.admin import ReadOnlyAdmin, RecordAdmin

from .models import Category, GtinClaim, Product, Variant, VariantUom


@admin.register(Category)
class CategoryAdmin(RecordAdmin):
    list_display = ("code", "name", "parent", "position", "active")
    list_filter = ("active",)
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)


class ReadOnlyInline(TabularInline):
    """Shown with its parent, changed by its own verbs."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VariantInline(ReadOnlyInline):
    model = Variant
    fields = ("sku", "gtin", "name", "option_key", "tracking", "active")
    show_change_link = True


@admin.register(Product)
class ProductAdmin(RecordAdmin):
    """Products come from the verb "create product", which also makes their variants."""

    list_display = ("code", "name", "kind", "category", "base_uom", "active")
    list_filter = ("active", "kind", "base_uom")
    list_select_related = ("category", "base_uom")
    search_fields = ("code", "name")
    autocomplete_fields = ("category",)
    readonly_fields = ("base_uom", "options", "created_at", "updated_at")
    inlines = (VariantInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class VariantUomInline(ReadOnlyInline):
    model = VariantUom
    fields = ("uom", "numerator", "denominator", "gtin", "active")


@admin.register(Variant)
class VariantAdmin(RecordAdmin):
    """Looked at here; changed through the API, which records the event."""

    list_display = ("sku", "name", "product", "gtin", "tracking", "abc", "active")
    list_filter = ("active", "tracking", "abc", "temperature_band", "product__kind")
    list_select_related = ("product",)
    search_fields = ("sku", "name", "gtin", "product__code")
    inlines = (VariantUomInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(VariantUom)
class VariantUomAdmin(RecordAdmin):
    list_display = ("variant", "uom", "numerator", "denominator", "gtin", "active")
    list_filter = ("active", "uom")
    list_select_related = ("variant", "uom")
    search_fields = ("variant__sku", "gtin")
    autocomplete_fields = ("variant",)


@admin.register(GtinClaim)
class GtinClaimAdmin(ReadOnlyAdmin):
    """Who has a number; written by the database itself."""

    list_display = ("gtin", "variant", "unit")
    list_filter = (("unit", admin.EmptyFieldListFilter),)
    list_select_related = ("variant", "unit")
    search_fields = ("=gtin", "variant__sku")
