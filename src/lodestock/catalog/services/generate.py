"""From options to variants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from lodestock.catalog import events
from lodestock.catalog.domain import options as option_rules
from lodestock.catalog.errors import Duplicate
from lodestock.catalog.models import Product, Variant
from lodestock.catalog.services.gtins import gtin_refusals, refuse_taken_gtin
from lodestock.catalog.services.variant_fields import DEFAULTS
from lodestock.eventstore import services as eventstore
from lodestock.kernel.constraints import refusing
from lodestock.kernel.errors import LodestockError


def generate_variants(
    product: Product, *, stem: str, skus: Mapping[str, str], fields: Mapping[str, Any]
) -> list[Variant]:
    """Create the variant of every combination that has none yet; the others stay as they are.

    Call it in the transaction that holds the product. Raises :class:`Duplicate` for a taken SKU
    or GTIN, naming it.
    """
    known = set(Variant.objects.filter(product=product).values_list("option_key", flat=True))
    missing = []
    for combination in option_rules.combinations(product.options):
        key = option_rules.option_key(product.options, combination)
        if key in known:
            continue
        sku = skus.get(key) or option_rules.sku_for(stem, combination)
        missing.append(_variant(product, key, sku, combination, fields))
    if missing:
        refuse_taken_gtin(fields.get("gtin"))
        with refusing(_refusals(missing)):
            Variant.objects.bulk_create(missing)
        eventstore.append_many([events.variant_created(new, product) for new in missing])
    return missing


def _variant(
    product: Product,
    key: str,
    sku: str,
    combination: Mapping[str, str],
    fields: Mapping[str, Any],
) -> Variant:
    values = {"name": option_rules.name_for(product.name, combination)} | DEFAULTS | dict(fields)
    values["attributes"] = {**values["attributes"], **combination}
    return Variant(product=product, option_key=key, sku=sku, **values)


def _refusals(variants: list[Variant]) -> dict[str, Any]:
    def taken(field: str) -> LodestockError:
        wanted = [getattr(variant, field) for variant in variants]
        repeated = sorted({value for value in wanted if value and wanted.count(value) > 1})
        stored = Variant.objects.filter(Q(**{f"{field}__in": wanted}))
        known = sorted(stored.values_list(field, flat=True))
        listed = ", ".join([*repeated, *known][:5])
        return Duplicate(
            f"{field.upper()} taken or given twice: {listed}. State other ones.", field=field
        )

    return {
        "catalog_variant_sku_key": lambda: taken("sku"),
        **gtin_refusals(lambda: taken("gtin")),
    }
