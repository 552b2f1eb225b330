"""One number, one thing. Asked first for a good answer; held by the database (``GtinClaim``)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from lodestock.catalog.errors import Duplicate
from lodestock.catalog.models import GtinClaim
from lodestock.kernel.errors import LodestockError

_CONSTRAINTS = (
    "catalog_variant_gtin_key",
    "catalog_variantuom_gtin_key",
    "catalog_gtinclaim_pkey",
)


def refuse_taken_gtin(
    gtin: str | None, *, variant_id: int | None = None, unit_id: int | None = None
) -> None:
    """Raise :class:`Duplicate`, naming who has the number, unless it is free or their own.

    ``variant_id`` or ``unit_id`` (a pack) is who wants it; neither is something new.
    """
    claim = GtinClaim.objects.filter(gtin=gtin).first() if gtin else None
    if claim is None:
        return
    wanted_by = (variant_id, None) if unit_id is None else (claim.variant_id, unit_id)
    if (claim.variant_id, claim.unit_id) != wanted_by:
        raise taken([claim.gtin])


def gtin_refusals(explain: Callable[[], LodestockError]) -> dict[str, Callable[[], LodestockError]]:
    """For ``kernel.constraints.refusing``: a number that somebody else took since it was asked."""
    return dict.fromkeys(_CONSTRAINTS, explain)


def taken(gtins: Collection[str]) -> Duplicate:
    """The refusal of numbers that are on something else already, saying on what."""
    rows = GtinClaim.objects.filter(gtin__in=gtins).order_by("gtin")
    owners = rows.values_list("gtin", "variant__sku", "unit__uom__code")[:5]
    parts = [
        f"the GTIN {gtin} already belongs to {sku}{f' ({uom})' if uom else ''}"
        for gtin, sku, uom in owners
    ] or [f"the GTIN {', '.join(sorted(gtins)[:5])} already belongs to another variant or pack"]
    text = "; ".join(parts)
    return Duplicate(
        f"{text[:1].upper()}{text[1:]}: every variant and every pack has its own.", field="gtin"
    )
