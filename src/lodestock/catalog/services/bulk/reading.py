"""Read the rows of an import: merged by SKU, checked one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any

from lodestock.catalog import lookups
from lodestock.catalog.domain.conversion import read_factor
from lodestock.catalog.services.variant_fields import clean_variant_fields
from lodestock.catalog.types import ProductKind, VariantSpec
from lodestock.kernel.ensure import Ensured
from lodestock.kernel.errors import LodestockError
from lodestock.kernel.texts import choice, clean_code, clean_name

VARIANT_COLUMNS = (
    *("name", "gtin", "tracking", "shelf_life_days", "standard_cost", "currency", "weight_kg"),
    "attributes",
)


@dataclass(slots=True)
class Lists:
    """Codes of units and currencies with their keys, read once per call."""

    units: dict[str, int] = field(default_factory=lookups.unit_ids)
    currencies: dict[str, int] = field(default_factory=lookups.currency_ids)


@dataclass(slots=True)
class Wanted:
    """One SKU of the import: what was stated of it, checked. Columns not stated are absent."""

    spec: VariantSpec
    product_code: str
    product_name: str
    columns: dict[str, Any]
    factors: dict[int, Fraction]
    base_uom_id: int | None


def read_specs(
    specs: Iterable[VariantSpec], lists: Lists, result: Ensured, *, strict: bool
) -> dict[str, Wanted]:
    """Wanted rows by SKU; bad ones are refused in ``result``."""
    wanted: dict[str, Wanted] = {}
    for sku, spec in _merged(specs).items():
        try:
            wanted[sku] = _read(spec, lists)
        except LodestockError as error:
            result.refuse(sku, error, strict=strict)
    return wanted


def _merged(specs: Iterable[VariantSpec]) -> dict[str, VariantSpec]:
    """One spec per SKU; a row that comes again adds what it states."""
    merged: dict[str, VariantSpec] = {}
    for spec in specs:
        known = merged.get(spec.sku)
        merged[spec.sku] = spec if known is None else replace(known, **_stated(spec))
    return merged


def _stated(spec: VariantSpec) -> dict[str, Any]:
    given = {entry.name: getattr(spec, entry.name) for entry in fields(spec)}
    return {name: value for name, value in given.items() if value is not None and value != {}}


def _read(spec: VariantSpec, lists: Lists) -> Wanted:
    sku = clean_code(spec.sku, field="sku")
    if spec.kind is not None:
        choice(spec.kind, ProductKind, field="kind")
    given = {name: value for name in VARIANT_COLUMNS if (value := getattr(spec, name)) is not None}
    return Wanted(
        spec=spec,
        product_code=clean_code(spec.product_code or sku, field="product_code"),
        product_name=clean_name(spec.product_name or spec.name or sku),
        columns=clean_variant_fields(given, currencies=lists.currencies),
        factors={
            lookups.unit_id(uom, lists.units): read_factor(factor)
            for uom, factor in spec.factors.items()
        },
        base_uom_id=lookups.unit_id(spec.base_uom, lists.units) if spec.base_uom else None,
    )
