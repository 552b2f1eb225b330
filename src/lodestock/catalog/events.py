"""What the catalogue tells the rest of the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestock.catalog.models import Product, Variant
from lodestock.eventstore.types import NewEvent, Stream

#: ``{field: (old, new)}``
Changes = Mapping[str, tuple[Any, Any]]


def product_created(product: Product, *, base_uom: str) -> Stream:
    """``ProductCreated``: code, kind, base unit and options."""
    payload = {
        "code": product.code,
        "name": product.name,
        "kind": str(product.kind),
        "base_uom": base_uom,
        "options": product.options,
    }
    return Stream("Product", product.pk, [NewEvent("ProductCreated", payload)])


def product_changed(product: Product, changes: Changes) -> Stream:
    """``ProductChanged``: old and new value of every field that changed."""
    payload = {
        "code": product.code,
        "kind": str(product.kind),
        "changes": {field: list(pair) for field, pair in changes.items()},
    }
    return Stream("Product", product.pk, [NewEvent("ProductChanged", payload)])


def variant_created(variant: Variant, product: Product) -> Stream:
    """``VariantCreated``: everything a subscriber needs to list the variant."""
    payload = _identity(variant, product) | {
        "product": product.code,
        "name": variant.name,
        "tracking": str(variant.tracking),
        "attributes": variant.attributes,
    }
    return Stream("Variant", variant.pk, [NewEvent("VariantCreated", payload)])


def variant_changed(variant: Variant, product: Product, changes: Changes) -> Stream:
    """``VariantChanged``: old and new value of every field that changed."""
    told = {field: list(pair) for field, pair in changes.items()}
    payload = _identity(variant, product) | {"changes": told}
    return Stream("Variant", variant.pk, [NewEvent("VariantChanged", payload)])


def variant_deactivated(variant: Variant, product: Product, reason: str) -> Stream:
    """``VariantDeactivated``: not sold and not bought any more; stock and history stay."""
    payload = _identity(variant, product) | {"reason": reason}
    return Stream("Variant", variant.pk, [NewEvent("VariantDeactivated", payload)])


def _identity(variant: Variant, product: Product) -> dict[str, Any]:
    return {"sku": variant.sku, "gtin": variant.gtin, "kind": str(product.kind)}
