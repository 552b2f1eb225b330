"""The catalogue over HTTP. Everybody who may look sees all of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.catalog import selectors, services
from lodestock.catalog.models import Category, Product, Variant, VariantUom
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import RecordViewSet
from lodestock.kernel.context import current
from lodestock.kernel.principals import Principal

from . import filters, serializers


class CategoryViewSet(RecordViewSet[Category]):
    """The tree products are filed in."""

    model = Category
    serializer_class = serializers.CategorySerializer
    filterset_class = filters.CategoryFilterSet
    ordering_fields = ("code", "name", "position", "created_at", "updated_at")
    ordering = ("position", "code")
    search_fields = ("code", "name")

    def visible_to(self, principal: Principal) -> models.QuerySet[Category]:
        return Category.objects.all()

    def create_row(self, serializer: Any) -> Category:
        parent = serializer.validated_data.pop("parent", None)
        parent_id = parent.pk if parent else None
        return services.create_category(parent_id=parent_id, **serializer.validated_data)

    def change_row(self, row: Category, serializer: Any) -> Category:
        fields = dict(serializer.validated_data)
        if "parent" in fields:
            parent = fields.pop("parent")
            services.move_category(category_id=row.pk, parent_id=parent.pk if parent else None)
        return services.change_category(category_id=row.pk, **fields)


class ProductViewSet(RecordViewSet[Product]):
    """What is bought, made or sold; its variants are what is stocked."""

    model = Product
    serializer_class = serializers.ProductSerializer
    filterset_class = filters.ProductFilterSet
    ordering_fields = ("code", "name", "kind", "created_at", "updated_at")
    ordering = ("code",)
    search_fields = ("code", "name", "description")
    permissions = {
        "add_option": "catalog.change_product",
        "add_option_values": "catalog.change_product",
    }

    def visible_to(self, principal: Principal) -> models.QuerySet[Product]:
        return selectors.visible_products(principal).select_related("base_uom")

    def create_row(self, serializer: Any) -> Product:
        return services.create_product(**_with_category(serializer.validated_data))

    def change_row(self, row: Product, serializer: Any) -> Product:
        return services.change_product(
            product_id=row.pk, **_with_category(serializer.validated_data)
        )

    def deactivate_row(self, row: Product) -> None:
        services.deactivate_product(product_id=row.pk, reason=current().reason)

    def restore_row(self, row: Product) -> None:
        services.restore_product(product_id=row.pk)

    @verb(serializers.AddOptionValues, answers=serializers.VariantSerializer, many=True)
    def add_option_values(self, product: Product, data: dict[str, Any]) -> list[Variant]:
        """Add values to an option; answers the variants that were created."""
        return _shown(services.add_option_values(product_id=product.pk, **data))

    @verb(serializers.AddOption, answers=serializers.VariantSerializer, many=True)
    def add_option(self, product: Product, data: dict[str, Any]) -> list[Variant]:
        """Add an option; answers the variants that were created."""
        return _shown(services.add_option(product_id=product.pk, **data))


class VariantViewSet(RecordViewSet[Variant]):
    """The stocked thing: own SKU, GTIN, cost and stock."""

    model = Variant
    serializer_class = serializers.VariantSerializer
    filterset_class = filters.VariantFilterSet
    ordering_fields = ("sku", "name", "gtin", "created_at", "updated_at")
    ordering = ("sku",)
    search_fields = ("sku", "name", "gtin")
    permissions = {"convert": "catalog.view_variant"}

    def visible_to(self, principal: Principal) -> models.QuerySet[Variant]:
        rows = selectors.visible_variants(principal)
        return rows.select_related("product__base_uom", "currency")

    def knows_query_param(self, name: str) -> bool:
        return self.action == "list" and name.startswith(filters.ATTRIBUTE_PREFIX)

    def filter_queryset(self, queryset: Any) -> Any:
        given = self.request.query_params.items()
        params = {k: str(v) for k, v in given if k.startswith(filters.ATTRIBUTE_PREFIX)}
        return filters.with_attributes(super().filter_queryset(queryset), params)

    def create_row(self, serializer: Any) -> Variant:
        fields = dict(serializer.validated_data)
        return services.create_variant(product_id=fields.pop("product").pk, **fields)

    def change_row(self, row: Variant, serializer: Any) -> Variant:
        fields = dict(serializer.validated_data)
        _refuse_identity(row, fields)
        return services.change_variant(variant_id=row.pk, **fields)

    def deactivate_row(self, row: Variant) -> None:
        services.deactivate_variant(variant_id=row.pk, reason=current().reason)

    def restore_row(self, row: Variant) -> None:
        services.restore_variant(variant_id=row.pk)

    @extend_schema(
        parameters=[serializers.ConversionQuery], responses=serializers.ConversionSerializer
    )
    @action(detail=True, methods=["get"], filterset_class=None, filter_backends=())
    def convert(self, request: Request, sqid: str) -> Response:
        """A quantity of this variant in another of its units, exactly or not at all."""
        variant = self.get_object()
        query = serializers.ConversionQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        table = selectors.unit_table(variant.pk)
        to = asked.get("to") or table.base.code
        answer = asked | {
            "to": to,
            "result": table.convert(asked["quantity"], asked["uom"], to),
            "factor": table.factor(asked["uom"]) / table.factor(to),
        }
        return Response(serializers.ConversionSerializer(answer).data)


class VariantUnitViewSet(RecordViewSet[VariantUom]):
    """Further units of variants and how many base units they hold."""

    model = VariantUom
    serializer_class = serializers.VariantUnitSerializer
    filterset_class = filters.VariantUnitFilterSet
    ordering_fields = ("created_at", "updated_at")
    ordering = ("-id",)
    search_fields = ("variant__sku", "uom__code", "gtin")

    def visible_to(self, principal: Principal) -> models.QuerySet[VariantUom]:
        return VariantUom.objects.select_related("uom", "variant__product__base_uom")

    def create_row(self, serializer: Any) -> VariantUom:
        fields = dict(serializer.validated_data)
        return services.set_unit(variant_id=fields.pop("variant").pk, **fields)

    def change_row(self, row: VariantUom, serializer: Any) -> VariantUom:
        known: dict[str, Any] = {"factor": row.factor, "gtin": row.gtin}
        fields = known | dict(serializer.validated_data)
        _refuse_other_unit(row, fields)
        return services.set_unit(variant_id=row.variant_id, uom=row.uom.code, **fields)


def _with_category(data: dict[str, Any]) -> dict[str, Any]:
    fields = dict(data)
    if "category" in fields:
        category = fields.pop("category")
        fields["category_id"] = category.pk if category else None
    return fields


def _shown(variants: list[Variant]) -> list[Variant]:
    """The new variants read again, with what their serializer shows joined in."""
    keys = [variant.pk for variant in variants]
    rows = Variant.objects.select_related("product__base_uom", "currency")
    return list(rows.filter(pk__in=keys).order_by("id"))


def _refuse_identity(row: Variant, fields: dict[str, Any]) -> None:
    """The product and the combination make the variant what it is."""
    product = fields.pop("product", None)
    options = fields.pop("options", None)
    if (product is not None and product.pk != row.product_id) or options is not None:
        raise services.identity_is_fixed(row)


def _refuse_other_unit(row: VariantUom, fields: dict[str, Any]) -> None:
    variant = fields.pop("variant", None)
    uom = fields.pop("uom", row.uom.code)
    if uom != row.uom.code or (variant is not None and variant.pk != row.variant_id):
        raise services.identity_is_fixed(row.variant)
