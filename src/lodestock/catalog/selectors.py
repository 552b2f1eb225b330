"""Questions the catalogue answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from lodestock.catalog import lookups
from lodestock.catalog.domain.conversion import UnitTable
from lodestock.catalog.errors import Inactive, UnknownVariant
from lodestock.catalog.models import Category, Product, Variant, VariantUom
from lodestock.catalog.types import VariantFacts
from lodestock.kernel.composed import Composed
from lodestock.kernel.gs1 import parse_gtin
from lodestock.kernel.principals import Principal

_FACTS = ("id", "sku", "name", "product_id", "tracking", "shelf_life_days", "gtin", "active")
_OF_PRODUCT = {"kind": F("product__kind"), "base_uom": F("product__base_uom__code")}
_ALL_FACTS = (*_FACTS, *_OF_PRODUCT)


def visible_products(principal: Principal) -> QuerySet[Product]:
    """Which products may they see? Everybody who may look sees all of them."""
    return Product.objects.all()


def visible_variants(principal: Principal) -> QuerySet[Variant]:
    """Which variants may they see? Everybody who may look sees all of them."""
    return Variant.objects.all()


def categories_under(category_id: int) -> QuerySet[Category]:
    """Which categories lie below this one, itself included? One statement."""
    return Category.objects.filter(id__in=_subtree(category_id))


def products_under(category_id: int) -> QuerySet[Product]:
    """Which products are filed under this category or below it? One statement."""
    return Product.objects.filter(category_id__in=_subtree(category_id))


def variants_under(category_id: int) -> QuerySet[Variant]:
    """Which variants belong to products of this category or below it? One statement."""
    return Variant.objects.filter(product__category_id__in=_subtree(category_id))


def variants_with(**attributes: Any) -> QuerySet[Variant]:
    """Which variants have these attributes? ``variants_with(voltage=230)``; uses the index."""
    return Variant.objects.filter(**{f"attributes__{k}": v for k, v in attributes.items()})


def variant_by_sku(sku: str, *, active: bool = False) -> VariantFacts:
    """Which variant has this SKU? Raises :class:`UnknownVariant`; :class:`Inactive` if asked."""
    found = variants_by_sku([sku]).get(sku)
    if found is None:
        raise UnknownVariant(
            f"There is no variant with the SKU {sku[:64]!r}: create it first.", field="sku", sku=sku
        )
    if active and not found.active:
        raise Inactive(f"{sku} is retired: restore it, or choose another variant.", field="sku")
    return found


def variant_by_id(variant_id: int) -> VariantFacts:
    """Which variant has this key? Raises :class:`UnknownVariant`."""
    found = variant_facts([variant_id]).get(variant_id)
    if found is None:
        raise UnknownVariant("There is no such variant.", field="variant")
    return found


def variant_by_gtin(gtin: str) -> VariantFacts:
    """Which variant carries this number, on itself or on one of its packs?

    Raises ``InvalidInput`` for a malformed number, :class:`UnknownVariant` for an unknown one.
    """
    number = parse_gtin(gtin)
    packs = VariantUom.objects.active().filter(gtin=number).values("variant_id")
    for facts in _facts(Q(gtin=number) | Q(id__in=packs)):
        return facts
    raise UnknownVariant(f"No variant carries the GTIN {number}.", field="gtin", gtin=number)


def variants_by_sku(skus: Iterable[str]) -> dict[str, VariantFacts]:
    """Which variants have these SKUs? Unknown ones are absent. One statement."""
    return {facts.sku: facts for facts in _facts(Q(sku__in=set(skus)))}


def variant_facts(variant_ids: Iterable[int]) -> dict[int, VariantFacts]:
    """Which variants have these keys? Unknown ones are absent. One statement."""
    rows = _facts_by_id(set(variant_ids))
    return {row[0]: VariantFacts(**dict(zip(_ALL_FACTS, row, strict=True))) for row in rows}


def unit_tables(variant_ids: Collection[int]) -> dict[int, UnitTable]:
    """In which units can these variants be stated? Three statements for any number of them."""
    units = lookups.units()
    own: dict[int, dict[str, Fraction]] = {}
    factors = VariantUom.objects.active().filter(variant__in=variant_ids)
    rows = factors.values_list("variant_id", "uom__code", "numerator", "denominator")
    for variant_id, code, numerator, denominator in rows.order_by("id"):
        own.setdefault(variant_id, {})[code] = Fraction(numerator, denominator)
    bases = Variant.objects.filter(pk__in=variant_ids)
    return {
        key: UnitTable(sku, units[base], own.get(key, {}), units)
        for key, sku, base in bases.values_list("id", "sku", "product__base_uom__code")
    }


def unit_table(variant_id: int) -> UnitTable:
    """In which units can this variant be stated? Raises :class:`UnknownVariant`."""
    tables = unit_tables([variant_id])
    if variant_id not in tables:
        raise UnknownVariant("There is no such variant.", field="variant")
    return tables[variant_id]


def to_base(variant_id: int, quantity: Any, uom: str) -> Decimal:
    """How many base units are ``quantity`` of ``uom``? Exact, or it raises.

    Raises ``UnknownUnit``, ``NoConversion``, ``InexactConversion``, ``InvalidInput`` (see
    ``domain.conversion.UnitTable``).
    """
    return unit_table(variant_id).to_base(quantity, uom)


def to_base_many(lines: Collection[tuple[int, Any, str]]) -> list[Decimal]:
    """How many base units are these ``(variant_id, quantity, uom)``? In their order.

    Raises as :func:`to_base`, for the first line that does not convert.
    """
    tables = unit_tables({variant_id for variant_id, _quantity, _uom in lines})
    missing = next((line for line in lines if line[0] not in tables), None)
    if missing is not None:
        raise UnknownVariant("There is no such variant.", field="variant")
    return [tables[variant_id].to_base(quantity, uom) for variant_id, quantity, uom in lines]


def from_base(variant_id: int, quantity: Any, uom: str) -> Decimal:
    """How many ``uom`` are ``quantity`` base units? Raises as :func:`to_base`."""
    return unit_table(variant_id).from_base(quantity, uom)


def _subtree(category_id: int) -> RawSQL:
    return RawSQL("SELECT catalog_subtree(%s)", [category_id])


def _facts(condition: Q) -> list[VariantFacts]:
    rows = Variant.objects.filter(condition).values(*_FACTS, **_OF_PRODUCT)
    return [VariantFacts(**row) for row in rows.order_by("id")]


_facts_by_id = Composed(
    lambda key: Variant.objects.filter(id__in=[key]).values_list(*_FACTS, *_OF_PRODUCT.values())
)
