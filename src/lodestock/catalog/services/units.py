"""State how many base units another unit of a variant holds."""

from __future__ import annotations

from typing import Any

from lodestock.catalog import lookups
from lodestock.catalog.domain.conversion import read_factor
from lodestock.catalog.errors import NoConversion
from lodestock.catalog.models import VariantUom
from lodestock.catalog.services.gtins import gtin_refusals, refuse_taken_gtin, taken
from lodestock.catalog.services.variants import variant_for_update
from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.gs1 import parse_gtin


def set_unit(*, variant_id: int, uom: str, factor: Any, gtin: str | None = None) -> VariantUom:
    """One ``uom`` of the variant is exactly ``factor`` base units; says so anew when known.

    ``factor`` is a whole number, a decimal or a fraction as text (``"12"``, ``"0.25"``,
    ``"10/3"``); ``gtin`` is the number on the pack. Raises ``InvalidInput`` for a bad factor or the
    base unit itself, ``UnknownUnit``, ``Duplicate`` for a taken GTIN.
    """
    exact = read_factor(factor)
    number = parse_gtin(gtin) if gtin else None
    with transaction():
        variant = variant_for_update(variant_id)
        uom_id = lookups.unit_id(uom)
        if uom_id == variant.product.base_uom_id:
            raise NoConversion(
                f"{variant.sku} is counted in {uom}: one {uom} is one {uom}.", field="uom"
            )
        unit = VariantUom.objects.filter(variant=variant, uom_id=uom_id).first()
        unit = unit or VariantUom(variant=variant, uom_id=uom_id)
        unit.numerator, unit.denominator = exact.numerator, exact.denominator
        unit.gtin, unit.active = number, True
        refuse_taken_gtin(number, unit_id=unit.pk or 0)
        with refusing(gtin_refusals(lambda: taken([number or ""]))):
            unit.save()
    return unit


def remove_unit(*, variant_id: int, uom: str) -> None:
    """Take a unit off a variant; documents that used it keep their base quantities.

    Raises :class:`NoConversion` when the variant does not have it.
    """
    with transaction():
        variant = variant_for_update(variant_id)
        units = VariantUom.objects.active().filter(variant=variant, uom__code=uom)
        if not units.deactivate():
            raise NoConversion(f"{variant.sku} has no unit {uom} of its own.", field="uom")
