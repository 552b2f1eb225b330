"""Create, change and retire single variants."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from lodestock.catalog import events, lookups
from lodestock.catalog.domain import options as option_rules
from lodestock.catalog.errors import Duplicate, FixedByStock, Inactive, UnknownVariant
from lodestock.catalog.models import Product, Variant
from lodestock.catalog.services.gtins import gtin_refusals, refuse_taken_gtin, taken
from lodestock.catalog.services.products import product_for_update
from lodestock.catalog.services.variant_fields import DEFAULTS, clean_variant_fields
from lodestock.eventstore import services as eventstore
from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput


def create_variant(
    *,
    product_id: int,
    sku: str,
    name: str | None = None,
    options: Mapping[str, str] | None = None,
    **fields: Any,
) -> Variant:
    """Add the variant of one combination of option values.

    ``fields`` are columns of the variant, ``currency`` a code. Raises ``OptionsConflict`` when
    ``options`` is no combination of the product, :class:`Duplicate` for a taken SKU, GTIN or
    combination, :class:`Inactive` when the product is retired, ``InvalidInput`` for bad values.
    """
    with transaction():
        product = product_for_update(product_id)
        chosen = dict(options or {})
        key = option_rules.option_key(product.options, chosen)
        values = clean_variant_fields(
            fields | {"sku": sku, "name": name or option_rules.name_for(product.name, chosen)}
        )
        values["attributes"] = {**values.get("attributes", {}), **chosen}
        variant = Variant(product=product, option_key=key, **DEFAULTS | values)
        with refusing_duplicates(variant):
            refuse_taken_gtin(variant.gtin)
            variant.save(force_insert=True)
        eventstore.append_many([events.variant_created(variant, product)])
    return variant


def change_variant(*, variant_id: int, **fields: Any) -> Variant:
    """Change columns of a variant; ``attributes`` is merged, a ``None`` in it removes a name.

    Nothing is written, and no event recorded, when nothing differs. Raises :class:`Duplicate`,
    :class:`FixedByStock` for the tracking of a variant with stock records, ``InvalidInput``.
    """
    with transaction():
        variant = variant_for_update(variant_id)
        values = clean_variant_fields(_merged(variant, fields))
        changes = {
            name: (getattr(variant, name), value)
            for name, value in values.items()
            if getattr(variant, name) != value
        }
        if changes:
            _write(variant, changes)
    return variant


def deactivate_variant(*, variant_id: int, reason: str = "") -> Variant:
    """Retire a variant: hidden from lists and refused on new documents; stock and history stay."""
    with transaction():
        variant = variant_for_update(variant_id)
        if variant.active:
            variant.deactivate()
            told = events.variant_deactivated(variant, variant.product, reason)
            eventstore.append_many([told])
    return variant


def restore_variant(*, variant_id: int) -> Variant:
    """Undo :func:`deactivate_variant`. Raises :class:`Inactive` while the product is retired."""
    with transaction():
        variant = variant_for_update(variant_id)
        if not variant.product.active:
            raise Inactive(
                f"The product {variant.product.code} of {variant.sku} is retired: restore it first."
            )
        if not variant.active:
            variant.restore()
            changes = {"active": (False, True)}
            eventstore.append_many([events.variant_changed(variant, variant.product, changes)])
    return variant


def variant_for_update(variant_id: int) -> Variant:
    """The variant, locked, with its product. Raises :class:`UnknownVariant`."""
    rows = Variant.objects.select_for_update(of=("self",), no_key=True).select_related("product")
    found = rows.filter(pk=variant_id).first()
    if found is None:
        raise UnknownVariant("There is no such variant: create it first.", field="variant")
    return found


def identity_is_fixed(variant: Variant) -> Conflict:
    """The refusal for moving a variant to another product, combination or unit."""
    return Conflict(
        f"{variant.sku} stays what it is: its product, options and the unit of a factor are fixed."
        " Create another one and retire this.",
        sku=variant.sku,
    )


def refusing_duplicates(variant: Variant) -> AbstractContextManager[None]:
    """Explain which of the unique values of ``variant`` is taken."""
    return refusing(
        {
            "catalog_variant_sku_key": lambda: Duplicate(
                f"There already is a variant with the SKU {variant.sku!r}.", field="sku"
            ),
            **gtin_refusals(lambda: taken([variant.gtin or ""])),
            "catalog_variant_combination": lambda: Duplicate(
                f"The product already has a variant for {variant.option_key or 'no options'}.",
                field="options",
            ),
        }
    )


def _merged(variant: Variant, fields: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(fields)
    if "attributes" not in merged:
        return merged
    given = merged["attributes"]
    if not isinstance(given, Mapping):
        raise InvalidInput("attributes: send an object of names and values.", field="attributes")
    _refuse_option_attributes(variant.product, variant.attributes, given)
    merged["attributes"] = {**variant.attributes, **given}
    return merged


def _refuse_option_attributes(
    product: Product, current: Mapping[str, Any], given: Mapping[str, Any]
) -> None:
    for option in product.options:
        name = option["name"]
        if name in given and given[name] != current.get(name):
            raise InvalidInput(
                f"attributes: {name} is an option of {product.code} and tells its variants apart:"
                " it cannot change; create the other variant instead.",
                field="attributes",
            )


def _write(variant: Variant, changes: Mapping[str, tuple[Any, Any]]) -> None:
    for name, (_old, new) in changes.items():
        setattr(variant, name, new)
    with refusing_duplicates(variant), _refusing_stock(variant):
        if "gtin" in changes:
            refuse_taken_gtin(variant.gtin, variant_id=variant.pk)
        variant.save(update_fields=[*changes, "updated_at"])
    eventstore.append_many([events.variant_changed(variant, variant.product, told(changes))])


def told(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
    """Changes as events tell them: the currency by its code, not by its key."""
    if "currency_id" not in changes:
        return dict(changes)
    codes = {key: code for code, key in lookups.currency_ids().items()}
    shown = dict(changes)
    old, new = shown.pop("currency_id")
    return shown | {"currency": (codes.get(old), codes.get(new))}


def _refusing_stock(variant: Variant) -> AbstractContextManager[None]:
    """The balances carry a copy of the tracking policy and refuse one their stock does not meet."""

    def fixed() -> FixedByStock:
        return FixedByStock(
            f"{variant.sku} has stock that does not meet this tracking: create another variant with"
            " the tracking you need and move the stock there, or bring the stock to zero first.",
            field="tracking",
        )

    names = ("inventory_balance_sound", "inventory_balance_variant_tracking")
    return refusing(dict.fromkeys(names, fixed))
