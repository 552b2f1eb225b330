"""Let a product grow in options without ever creating a second product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lodestock.catalog import events
from lodestock.catalog.domain import options as option_rules
from lodestock.catalog.errors import OptionsConflict
from lodestock.catalog.models import Product, Variant
from lodestock.catalog.services.generate import generate_variants
from lodestock.catalog.services.products import product_for_update
from lodestock.catalog.services.variant_fields import clean_variant_fields
from lodestock.catalog.types import OptionSpec
from lodestock.eventstore import services as eventstore
from lodestock.kernel.db import transaction


def add_option_values(
    *,
    product_id: int,
    option: str,
    values: Sequence[str],
    skus: Mapping[str, str] | None = None,
    **variant_fields: Any,
) -> list[Variant]:
    """Add values to an option and create the variants they span; returns the new ones.

    A fourth colour of a T-shirt in four sizes creates four variants and no product. Raises
    :class:`OptionsConflict` when the product has no such option, ``InvalidInput`` for a value it
    already has, ``Duplicate`` for a taken SKU.
    """
    with transaction():
        product = product_for_update(product_id)
        grown = _with_values(product, option, values)
        return _regenerate(product, grown, skus, variant_fields)


def add_option(
    *,
    product_id: int,
    option: str,
    values: Sequence[str],
    existing: str,
    skus: Mapping[str, str] | None = None,
    **variant_fields: Any,
) -> list[Variant]:
    """Add an option; the variants there are keep their SKU and stock as the ``existing`` value.

    Returns the new variants. Raises :class:`OptionsConflict` when the product already has the
    option or ``existing`` is not among ``values``; otherwise as :func:`add_option_values`.
    """
    with transaction():
        product = product_for_update(product_id)
        if option in {known["name"] for known in product.options}:
            raise OptionsConflict(
                f"{product.code} already has the option {option}: add values to it instead.",
                field="option",
            )
        if existing not in values:
            raise OptionsConflict(
                f"The present variants need one of the values {', '.join(values)}, not"
                f" {existing!r}: say which one they are.",
                field="existing",
            )
        specs = [OptionSpec(o["name"], o["values"]) for o in product.options]
        grown = option_rules.clean_options([*specs, OptionSpec(option, values)])
        _give_value(product, grown, option, existing)
        return _regenerate(product, grown, skus, variant_fields)


def _with_values(product: Product, name: str, values: Sequence[str]) -> list[dict[str, Any]]:
    specs = [
        OptionSpec(o["name"], [*o["values"], *values] if o["name"] == name else o["values"])
        for o in product.options
    ]
    if name not in {spec.name for spec in specs}:
        known = ", ".join(spec.name for spec in specs) or "none"
        raise OptionsConflict(
            f"{product.code} has no option {name!r}; it has {known}. Add the option first.",
            field="option",
        )
    return option_rules.clean_options(specs)


def _give_value(product: Product, grown: list[dict[str, Any]], option: str, existing: str) -> None:
    """Every present variant becomes ``existing`` in the new option."""
    variants = list(product.variants.select_for_update(no_key=True).order_by("id"))
    told = []
    for variant in variants:
        before = variant.attributes.get(option)
        variant.attributes = {**variant.attributes, option: existing}
        chosen = {o["name"]: variant.attributes[o["name"]] for o in grown}
        variant.option_key = option_rules.option_key(grown, chosen)
        changes = {"attributes": ({option: before}, {option: existing})}
        told.append(events.variant_changed(variant, product, changes))
    Variant.objects.bulk_update(variants, ["attributes", "option_key"])
    eventstore.append_many(told)


def _regenerate(
    product: Product,
    grown: list[dict[str, Any]],
    skus: Mapping[str, str] | None,
    variant_fields: Mapping[str, Any],
) -> list[Variant]:
    product.options = grown
    product.save(update_fields=["options", "updated_at"])
    fields = clean_variant_fields(variant_fields)
    return generate_variants(product, stem=product.code, skus=skus or {}, fields=fields)
