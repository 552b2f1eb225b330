"""One number, one thing."""

from __future__ import annotations

from lodestock.catalog.errors import Duplicate
from lodestock.catalog.models import Variant, VariantUom


def refuse_taken_gtin(gtin: str | None, *, variant_id: int | None = None) -> None:
    """A number names one thing: neither another variant nor a pack of any may have it."""
    if gtin is None:
        return
    others = Variant.objects.filter(gtin=gtin)
    if variant_id is not None:
        others = others.exclude(pk=variant_id)
    taken = others.values_list("sku", flat=True)
    packs = VariantUom.objects.filter(gtin=gtin).values_list("variant__sku", flat=True)
    owner = [*taken[:1], *packs[:1]]
    if owner:
        raise Duplicate(f"The GTIN {gtin} already belongs to {owner[0]}.", field="gtin")
