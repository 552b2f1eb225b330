"""Filters of the catalogue's lists."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import django_filters
from django.db import models
from django.db.models import Q

from lodestock.catalog import selectors
from lodestock.catalog.domain.attributes import NAME
from lodestock.catalog.models import Category, Product, Variant, VariantUom
from lodestock.kernel.api.filters import RecordFilterSet, SqidFilter
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.gs1 import parse_gtin

ATTRIBUTE_PREFIX = "attributes__"
CATEGORY = "catalog.category"


class CategoryFilterSet(RecordFilterSet):
    """``under`` gives a category with everything below it; ``top=true`` the roots."""

    under = SqidFilter(method="filter_under", label_of=CATEGORY)
    top = django_filters.BooleanFilter("parent", lookup_expr="isnull")

    class Meta:
        model = Category
        fields = ("code", "parent")

    def filter_under(self, rows: Any, name: str, value: int) -> models.QuerySet[Category]:
        return rows.filter(pk__in=selectors.categories_under(value).order_by().values("pk"))


class ProductFilterSet(RecordFilterSet):
    """``category`` includes everything below it."""

    category = SqidFilter(method="filter_category", label_of=CATEGORY)
    base_uom = django_filters.CharFilter("base_uom__code")

    class Meta:
        model = Product
        fields = ("code", "kind")

    def filter_category(self, rows: Any, name: str, value: int) -> models.QuerySet[Product]:
        return rows.filter(category__in=selectors.categories_under(value).order_by().values("pk"))


class VariantFilterSet(RecordFilterSet):
    """``category`` includes everything below it; ``attributes__voltage=230`` uses the index."""

    category = SqidFilter(method="filter_category", label_of=CATEGORY)
    kind = django_filters.ChoiceFilter(
        "product__kind", choices=Product._meta.get_field("kind").choices, empty_label=None
    )
    gtin = django_filters.CharFilter(method="filter_gtin")

    class Meta:
        model = Variant
        fields = {
            "product": ["exact"],
            "sku": ["exact", "in"],
            "tracking": ["exact"],
            "abc": ["exact"],
            "temperature_band": ["exact"],
            "hazard_class": ["exact"],
            "catch_weight": ["exact"],
        }

    def filter_category(self, rows: Any, name: str, value: int) -> models.QuerySet[Variant]:
        below = selectors.categories_under(value).order_by().values("pk")
        return rows.filter(product__category__in=below)

    def filter_gtin(self, rows: Any, name: str, value: str) -> models.QuerySet[Variant]:
        return rows.filter(gtin=parse_gtin(value))


class VariantUnitFilterSet(RecordFilterSet):
    uom = django_filters.CharFilter("uom__code")

    class Meta:
        model = VariantUom
        fields = ("variant", "gtin")


def with_attributes(
    rows: models.QuerySet[Variant], params: dict[str, str]
) -> models.QuerySet[Variant]:
    """Only the variants that have every attribute of ``attributes__…`` in ``params``.

    The text of an address has no type: ``230`` finds the number and the text, ``true`` the truth
    value and the text. Raises :class:`InvalidInput` for what is no attribute name.
    """
    for param, text in params.items():
        name = param.removeprefix(ATTRIBUTE_PREFIX)
        if not NAME.fullmatch(name) or "__" in name:
            raise InvalidInput(
                f"{param[:60]!r} is no attribute: write attributes__name=value.", field=param[:60]
            )
        wanted = Q()
        for value in _readings(text):
            wanted |= Q(**{param: value})
        rows = rows.filter(wanted)
    return rows


def _readings(text: str) -> list[Any]:
    readings: list[Any] = [text]
    if text in {"true", "false"}:
        readings.append(text == "true")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return readings
    if number.is_finite() and abs(number.adjusted()) < 40:
        whole = number == number.to_integral_value()
        readings.append(int(number) if whole else number)
    return readings
