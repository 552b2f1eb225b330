"""Categories, products and variants."""

from __future__ import annotations

from decimal import Decimal

from lodestock.catalog import selectors as catalog
from lodestock.catalog import services
from lodestock.catalog.types import OptionSpec, VariantSpec
from lodestock.kernel.db import transaction
from lodestock.shell.demo.catalogue import CATEGORIES, DemoProduct, DemoVariant, products, variants
from lodestock.shell.demo.company import CURRENCY


def load_articles() -> dict[str, int]:
    """Make what is missing; returns the variants' keys by SKU."""
    wanted = variants()
    known = catalog.variants_by_sku(variant.sku for variant in wanted)
    if not known:
        _make()
        known = catalog.variants_by_sku(variant.sku for variant in wanted)
    return {sku: facts.id for sku, facts in known.items()}


def _make() -> None:
    # One transaction: the catalogue is there as a whole or not at all.
    with transaction():
        categories = _categories()
        for product in products():
            _product(product, categories[product.category])
        _number(variants())


def _categories() -> dict[str, int]:
    keys: dict[str, int] = {}
    for position, (code, name, parent) in enumerate(CATEGORIES):
        keys[code] = services.create_category(
            code=code, name=name, parent_id=keys.get(parent), position=position
        ).pk
    return keys


def _product(product: DemoProduct, category: int) -> None:
    services.create_product(
        code=product.code,
        name=product.name,
        base_uom=product.uom,
        kind=product.kind,
        category_id=category,
        options=[OptionSpec(name, values) for name, values in product.options.items()],
        tracking=product.tracking,
        shelf_life_days=product.shelf_life_days,
        weight_kg=Decimal(product.weight_kg),
        hazard_class=product.hazard,
        standard_cost=Decimal(product.cost),
        currency=CURRENCY,
    )


def _number(made: tuple[DemoVariant, ...]) -> None:
    """Give every variant its own GTIN, and a case unit where the supplier packs."""
    services.ensure_variants(
        [
            VariantSpec(
                sku=variant.sku,
                gtin=variant.gtin if variant.stocked else None,
                factors={"case": variant.product.pack} if _comes_in_cases(variant) else {},
            )
            for variant in made
        ]
    )


def _comes_in_cases(variant: DemoVariant) -> bool:
    return variant.product.pack >= 10 and variant.product.uom == "each"
