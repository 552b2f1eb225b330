"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from typing import Any

from lodestock.catalog import services
from lodestock.catalog.models import Category, Product, Variant, VariantUom
from lodestock.catalog.types import OptionSpec, VariantSpec

COLOURS = ("red", "green", "blue")
SIZES = ("S", "M", "L", "XL")


def a_product(code: str = "BX-204", **fields: Any) -> Product:
    """A product without options, and so with one variant."""
    return services.create_product(code=code, name=fields.pop("name", f"Box {code}"), **fields)


def a_variant(sku: str = "BX-204", **fields: Any) -> Variant:
    """The one variant of a new product."""
    return a_product(sku, **fields).variants.get()


def a_t_shirt() -> Product:
    """Three colours in four sizes."""
    options = [OptionSpec("colour", COLOURS), OptionSpec("size", SIZES)]
    return services.create_product(code="TSHIRT", name="T-shirt", options=options)


def a_category_line(depth: int, prefix: str = "c") -> list[Category]:
    """``depth`` categories, each below the one before."""
    line: list[Category] = []
    for number in range(depth):
        parent_id = line[-1].pk if line else None
        code = f"{prefix}{number}"
        line.append(services.create_category(code=code, name=code, parent_id=parent_id))
    return line


def make_categories(n: int) -> None:
    first = Category.objects.count()
    for number in range(first, first + n):
        services.create_category(code=f"cat-{number}", name=f"Category {number}")


def make_products(n: int) -> None:
    first = Product.objects.count()
    category = services.ensure_categories({"goods": ("Goods", None)})["goods"]
    for number in range(first, first + n):
        a_product(f"P-{number}", category_id=category)


def make_variants(n: int) -> None:
    first = Variant.objects.count()
    services.ensure_variants(
        VariantSpec(
            sku=f"V-{number}",
            name=f"Variant {number}",
            attributes={"voltage": 230},
            standard_cost="2.50",
            currency="EUR",
        )
        for number in range(first, first + n)
    )


def make_variant_units(n: int) -> None:
    first = VariantUom.objects.count()
    for number in range(first, first + n):
        variant = a_variant(f"U-{number}")
        services.set_unit(variant_id=variant.pk, uom="case", factor=12)


ROWS = {
    "categories": make_categories,
    "products": make_products,
    "variants": make_variants,
    "variant-units": make_variant_units,
}
