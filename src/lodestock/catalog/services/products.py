"""Create, change and retire products."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from lodestock.catalog import events, lookups
from lodestock.catalog.domain import options as option_rules
from lodestock.catalog.errors import Duplicate, FixedByStock, Inactive, UnknownProduct
from lodestock.catalog.models import Category, Product, Variant
from lodestock.catalog.services.categories import active_category
from lodestock.catalog.services.generate import generate_variants
from lodestock.catalog.services.variant_fields import clean_variant_fields
from lodestock.catalog.types import OptionSpec, ProductKind
from lodestock.eventstore import services as eventstore
from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.texts import choice, clean_code, clean_name


def create_product(
    *,
    code: str,
    name: str,
    base_uom: str = "each",
    kind: str = ProductKind.PRODUCT,
    category_id: int | None = None,
    description: str = "",
    options: Sequence[OptionSpec] = (),
    sku: str | None = None,
    skus: Mapping[str, str] | None = None,
    **variant_fields: Any,
) -> Product:
    """Create a product and its variants: one without options, else one per combination.

    SKUs are made from ``sku`` (the product's code without) and the option values;
    ``skus`` gives other ones by option key (``{"colour=red|size=M": "TS-R-M"}``).
    ``variant_fields`` go to every variant. Raises :class:`Duplicate` for a taken code, SKU or
    GTIN, ``InvalidInput`` and ``UnknownUnit`` for bad values; then nothing is written.
    """
    product = Product(
        code=clean_code(code, field="code"),
        name=clean_name(name),
        kind=choice(kind, ProductKind, field="kind"),
        options=option_rules.clean_options(options),
        description=description,
    )
    fields = clean_variant_fields(variant_fields)
    if fields.get("gtin") and product.options:
        raise InvalidInput("gtin: it names one variant; set it on each of them.", field="gtin")
    with transaction():
        product.base_uom_id = lookups.unit_id(base_uom)
        product.category = active_category(category_id)
        with refusing_product(product):
            product.save(force_insert=True)
        eventstore.append_many([events.product_created(product, base_uom=base_uom)])
        generate_variants(product, stem=sku or product.code, skus=skus or {}, fields=fields)
    return product


def change_product(*, product_id: int, **fields: Any) -> Product:
    """Change code, name, kind, category (``category_id``) or description.

    Options have verbs of their own. Nothing is written, and no event recorded, when nothing
    differs. Raises :class:`FixedByStock` for another base unit, ``InvalidInput`` for other fields.
    """
    with transaction():
        product = product_for_update(product_id, active=False)
        values = {name: _cleaner(name, product)(value) for name, value in fields.items()}
        values.pop("base_uom", None)
        changes = {
            name: (getattr(product, name), value)
            for name, value in values.items()
            if getattr(product, name) != value
        }
        if changes:
            for name, (_old, new) in changes.items():
                setattr(product, name, new)
            with refusing_product(product):
                product.save(update_fields=[*changes, "updated_at"])
            eventstore.append_many([events.product_changed(product, _told(changes))])
    return product


def deactivate_product(*, product_id: int, reason: str = "") -> Product:
    """Retire a product with all its variants, in one transaction."""
    with transaction():
        product = product_for_update(product_id, active=False)
        if product.active:
            product.deactivate()
        retired = list(product.variants.active().order_by("sku"))
        product.variants.active().update(active=False)
        told = [events.variant_deactivated(variant, product, reason) for variant in retired]
        eventstore.append_many(told)
    return product


def restore_product(*, product_id: int) -> Product:
    """Undo :func:`deactivate_product` for the product and all its variants."""
    with transaction():
        product = product_for_update(product_id, active=False)
        if not product.active:
            product.restore()
        back = list(Variant.objects.filter(product=product, active=False).order_by("sku"))
        Variant.objects.filter(product=product).restore()
        changes = {"active": (False, True)}
        told = [events.variant_changed(variant, product, changes) for variant in back]
        eventstore.append_many(told)
    return product


def product_for_update(product_id: int, *, active: bool = True) -> Product:
    """The product, locked. Raises :class:`UnknownProduct` and, when ``active``, :class:`Inactive`.

    The lock keeps two people from adding to its options at the same moment.
    """
    found = Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    if found is None:
        raise UnknownProduct("There is no such product: create it first.", field="product")
    if active and not found.active:
        raise Inactive(f"The product {found.code} is retired: restore it first.", field="product")
    return found


def refusing_product(product: Product) -> AbstractContextManager[None]:
    """Explain a taken product code."""
    return refusing(
        {
            "catalog_product_code_key": lambda: Duplicate(
                f"There already is a product with the code {product.code!r}.", field="code"
            )
        }
    )


def _told(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
    """Changes as events tell them: the category by its code, not by its key."""
    if "category_id" not in changes:
        return dict(changes)
    shown = dict(changes)
    old, new = shown.pop("category_id")
    rows = Category.objects.filter(pk__in=[key for key in (old, new) if key])
    codes = dict(rows.values_list("pk", "code"))
    return shown | {"category": (codes.get(old), codes.get(new))}


def _cleaner(name: str, product: Product) -> Callable[[Any], Any]:
    def category(value: int | None) -> int | None:
        found = active_category(value)
        return found.pk if found else None

    cleaners: dict[str, Callable[[Any], Any]] = {
        "code": lambda value: clean_code(value, field="code"),
        "name": clean_name,
        "kind": lambda value: choice(value, ProductKind, field="kind"),
        "category_id": category,
        "description": str,
        "base_uom": lambda value: _same_base_uom(product, value),
    }
    if name not in cleaners:
        raise InvalidInput(
            f"{name!r} of a product cannot be changed; possible are code, name, kind,"
            " category, description. For options use the verbs add-option and add-option-values.",
            field=name,
        )
    return cleaners[name]


def _same_base_uom(product: Product, value: str) -> Any:
    if lookups.unit_id(value) != product.base_uom_id:
        raise FixedByStock(
            f"{product.code} is counted in {product.base_uom.code}, and every quantity ever"
            f" recorded means that unit: create another product counted in {value}.",
            field="base_uom",
        )
    return product.base_uom
