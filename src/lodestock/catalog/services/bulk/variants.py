"""The variants of an import: missing ones created, changed ones updated, equal ones left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from lodestock.catalog import events
from lodestock.catalog.domain.options import option_key
from lodestock.catalog.errors import Duplicate
from lodestock.catalog.models import GtinClaim, Product, Variant
from lodestock.catalog.services.bulk.products import ensure_products
from lodestock.catalog.services.bulk.reading import Lists, Wanted, read_specs
from lodestock.catalog.services.bulk.units import ensure_units
from lodestock.catalog.services.bulk.updates import update_changed
from lodestock.catalog.services.variant_fields import DEFAULTS
from lodestock.catalog.services.variants import refusing_duplicates
from lodestock.catalog.types import VariantSpec
from lodestock.eventstore import services as eventstore
from lodestock.kernel.db import transaction
from lodestock.kernel.ensure import Ensured, insert_missing
from lodestock.kernel.errors import LodestockError

#: Every column without a default in the database.
COLUMNS = (
    *("product_id", "option_key", "sku", "gtin", "name", "attributes", "tracking"),
    *("shelf_life_days", "abc", "temperature_band", "hazard_class", "weight_kg", "catch_weight"),
    *("standard_cost", "currency_id"),
)


def ensure_variants(
    specs: Iterable[VariantSpec], *, update: bool = True, strict: bool = True
) -> Ensured:
    """Make sure every SKU exists as stated; ``{sku: id}`` with what was created and changed.

    ``update=False`` creates what is missing and never changes what is there. ``strict=False``
    leaves bad rows out, each with its error in ``refused``; otherwise the first one raises and
    nothing is written. A dozen statements, however many rows; one event per row that changed.
    """
    result = Ensured()
    lists = Lists()
    wanted = read_specs(specs, lists, result, strict=strict)
    with transaction():
        stored = _stored(wanted)
        missing = {sku: row for sku, row in wanted.items() if sku not in stored}
        products = ensure_products(missing, lists, result, strict=strict)
        _refuse_taken_gtins(missing, result, strict=strict)
        created = _create(missing, products, result, strict=strict)
        raced = _stored(set(missing) - created.keys() - result.refused.keys())
        known = stored | raced
        result.update({sku: variant.pk for sku, variant in (created | known).items()})
        result.created = set(created)
        if update:
            update_changed(known, wanted, result, strict=strict)
        ensure_units(wanted, result, only=None if update else result.created, strict=strict)
    return result


def _stored(skus: Iterable[str]) -> dict[str, Variant]:
    names = list(skus)
    rows = Variant.objects.filter(sku__in=names).select_related("product") if names else ()
    return {variant.sku: variant for variant in rows}


def _create(
    missing: dict[str, Wanted], products: dict[str, Product], result: Ensured, *, strict: bool
) -> dict[str, Variant]:
    taken = _combinations(products.values())
    new: list[Variant] = []
    for sku, row in missing.items():
        if sku in result.refused:
            continue
        try:
            new.append(_variant(row, products[row.product_code], taken))
        except LodestockError as error:
            result.refuse(sku, error, strict=strict)
    if not new:
        return {}
    fields = [name.removesuffix("_id") for name in COLUMNS]
    # What another import took since we looked: its error names the column, we the first row.
    with refusing_duplicates(new[0]):
        ids = insert_missing(Variant, fields, map(_values, new), key="sku")
    for variant in new:
        variant.pk = ids.get(variant.sku)
    made = [variant for variant in new if variant.pk is not None]
    eventstore.append_many([events.variant_created(variant, variant.product) for variant in made])
    return {variant.sku: variant for variant in made}


def _combinations(products: Iterable[Product]) -> dict[tuple[int, str], str]:
    rows = Variant.objects.filter(product__in=[product.pk for product in products])
    return {(p, key): sku for p, key, sku in rows.values_list("product_id", "option_key", "sku")}


def _variant(row: Wanted, product: Product, taken: dict[tuple[int, str], str]) -> Variant:
    key = option_key(product.options, row.spec.options)
    sku = row.spec.sku.strip()
    other = taken.setdefault((product.pk, key), sku)
    if other != sku:
        raise Duplicate(
            f"{product.code} has the variant {other} for {key or 'no options'}; {sku} would be a"
            " second one: give it another product code, or options.",
            field="options",
        )
    values = {"name": row.product_name} | DEFAULTS | row.columns
    values["attributes"] = {**values["attributes"], **row.spec.options}
    return Variant(product=product, option_key=key, sku=sku, **values)


def _values(variant: Variant) -> tuple[Any, ...]:
    return tuple(getattr(variant, name) for name in COLUMNS)


def _refuse_taken_gtins(rows: dict[str, Wanted], result: Ensured, *, strict: bool) -> None:
    numbers = Counter(row.columns["gtin"] for row in rows.values() if row.columns.get("gtin"))
    if not numbers:
        return
    names = list(numbers)
    owners = dict(GtinClaim.objects.filter(gtin__in=names).values_list("gtin", "variant__sku"))
    for sku, row in rows.items():
        gtin = row.columns.get("gtin") or ""
        if gtin in owners or numbers[gtin] > 1:
            result.refuse(sku, _taken(sku, gtin, owners.get(gtin)), strict=strict)


def _taken(sku: str, gtin: Any, owner: str | None) -> Duplicate:
    whose = f"already belongs to {owner}" if owner else "is stated for several SKUs"
    return Duplicate(f"{sku}: the GTIN {gtin} {whose}. One number names one thing.", field="gtin")
