"""The back office of the catalogue. Every edit goes through the services, so it is told."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from lodestock.kernel.admin import ReadOnlyAdmin, ReadOnlyInline, VerbAdmin

from . import services
from .models import Category, GtinClaim, Product, Variant, VariantUom

_TIMES = ("created_at", "updated_at")


def _key(row: Any) -> int | None:
    return None if row is None else row.pk


@admin.register(Category)
class CategoryAdmin(VerbAdmin):
    list_display = ("code", "name", "parent", "position", "active")
    list_filter = ("active",)
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)

    def make(self, values: dict[str, Any]) -> Category:
        return services.create_category(parent_id=_key(values.pop("parent")), **values)

    def edit(self, row: Category, changed: dict[str, Any]) -> None:
        if "parent" in changed:
            services.move_category(category_id=row.pk, parent_id=_key(changed.pop("parent")))
        if changed:
            services.change_category(category_id=row.pk, **changed)


class VariantInline(ReadOnlyInline):
    model = Variant
    fields = ("sku", "gtin", "name", "option_key", "tracking", "active")


@admin.register(Product)
class ProductAdmin(VerbAdmin):
    """Products come from the verb "create product", which also makes their variants."""

    list_display = ("code", "name", "kind", "category", "base_uom", "active")
    list_filter = ("active", "kind", "base_uom")
    list_select_related = ("category", "base_uom")
    search_fields = ("code", "name")
    autocomplete_fields = ("category",)
    readonly_fields = ("base_uom", "options", *_TIMES)
    inlines = (VariantInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def edit(self, row: Product, changed: dict[str, Any]) -> None:
        if "category" in changed:
            changed["category_id"] = _key(changed.pop("category"))
        services.change_product(product_id=row.pk, **changed)

    def retire(self, row: Product) -> None:
        services.deactivate_product(product_id=row.pk)

    def restore(self, row: Product) -> None:
        services.restore_product(product_id=row.pk)


class VariantUomInline(ReadOnlyInline):
    model = VariantUom
    fields = ("uom", "numerator", "denominator", "gtin", "active")


@admin.register(Variant)
class VariantAdmin(VerbAdmin):
    """Variants come from their product; what they are like is changed here."""

    list_display = ("sku", "name", "product", "gtin", "tracking", "abc", "active")
    list_filter = ("active", "tracking", "abc", "temperature_band", "product__kind")
    list_select_related = ("product",)
    search_fields = ("sku", "name", "gtin", "product__code")
    readonly_fields = ("product", "option_key", *_TIMES)
    inlines = (VariantUomInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def edit(self, row: Variant, changed: dict[str, Any]) -> None:
        if "currency" in changed:
            currency = changed["currency"]
            changed["currency"] = currency.code if currency else None
        if "attributes" in changed:
            stored = Variant.objects.values_list("attributes", flat=True).get(pk=row.pk)
            # The form shows all of them, so one that is missing was taken out.
            changed["attributes"] = dict.fromkeys(stored) | (changed["attributes"] or {})
        services.change_variant(variant_id=row.pk, **changed)

    def retire(self, row: Variant) -> None:
        services.deactivate_variant(variant_id=row.pk)

    def restore(self, row: Variant) -> None:
        services.restore_variant(variant_id=row.pk)


@admin.register(VariantUom)
class VariantUomAdmin(VerbAdmin):
    list_display = ("variant", "uom", "numerator", "denominator", "gtin", "active")
    list_filter = ("active", "uom")
    list_select_related = ("variant", "uom")
    search_fields = ("variant__sku", "gtin")
    autocomplete_fields = ("variant",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return _TIMES if obj is None else ("variant", "uom", *_TIMES)

    def make(self, values: dict[str, Any]) -> VariantUom:
        return self._state(values["variant"].pk, values["uom"], values)

    def edit(self, row: VariantUom, changed: dict[str, Any]) -> None:
        known = {name: getattr(row, name) for name in ("numerator", "denominator", "gtin")}
        self._state(row.variant_id, row.uom, known | changed)

    def retire(self, row: VariantUom) -> None:
        services.remove_unit(variant_id=row.variant_id, uom=row.uom.code)

    def restore(self, row: VariantUom) -> None:
        self.edit(row, {})

    def _state(self, variant_id: int, uom: Any, values: dict[str, Any]) -> VariantUom:
        factor = f"{values['numerator']}/{values['denominator']}"
        return services.set_unit(
            variant_id=variant_id, uom=uom.code, factor=factor, gtin=values["gtin"]
        )


@admin.register(GtinClaim)
class GtinClaimAdmin(ReadOnlyAdmin):
    """Who has a number; written by the database itself."""

    list_display = ("gtin", "variant", "unit")
    list_filter = (("unit", admin.EmptyFieldListFilter),)
    list_select_related = ("variant", "unit")
    search_fields = ("=gtin", "variant__sku")
