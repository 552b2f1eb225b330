"""Units of the variants of an import."""

from __future__ import annotations

from collections.abc import Set

from lodestock.catalog.errors import NoConversion
from lodestock.catalog.models import Variant, VariantUom
from lodestock.catalog.services.bulk.reading import Wanted
from lodestock.kernel.ensure import Ensured


def ensure_units(
    wanted: dict[str, Wanted], result: Ensured, *, only: Set[str] | None, strict: bool
) -> None:
    """Factors as stated, for the SKUs ``only`` (all, without); counted as a change of the SKU."""
    rows = {
        sku: row
        for sku, row in wanted.items()
        if row.factors and sku in result and (only is None or sku in only)
    }
    if not rows:
        return
    ids = [result[sku] for sku in rows]
    bases = dict(Variant.objects.filter(pk__in=ids).values_list("id", "product__base_uom_id"))
    known = {(u.variant_id, u.uom_id): u for u in VariantUom.objects.filter(variant__in=ids)}
    new: list[VariantUom] = []
    for sku, row in rows.items():
        if bases[result[sku]] in row.factors:
            result.refuse(sku, _own_base(sku), strict=strict)
            continue
        changed = _bring(result[sku], row, known, new)
        if changed and sku not in result.created:
            result.changed.add(sku)
    VariantUom.objects.bulk_create(new)


def _bring(
    variant_id: int,
    row: Wanted,
    known: dict[tuple[int, int], VariantUom],
    new: list[VariantUom],
) -> bool:
    changed = False
    for uom_id, factor in row.factors.items():
        unit = known.get((variant_id, uom_id))
        if unit is not None and unit.active and unit.factor == factor:
            continue
        changed = True
        stated = {"numerator": factor.numerator, "denominator": factor.denominator}
        if unit is None:
            new.append(VariantUom(variant_id=variant_id, uom_id=uom_id, **stated))
        else:
            VariantUom.objects.filter(pk=unit.pk).update(active=True, **stated)
    return changed


def _own_base(sku: str) -> NoConversion:
    return NoConversion(f"{sku}: its base unit needs no factor; leave it out.", field="uom")
