"""The products of an import: created where missing, otherwise only compared."""

from __future__ import annotations

from collections.abc import Iterable

from lodestock.catalog import events, lookups
from lodestock.catalog.errors import FixedByStock, UnknownCategory
from lodestock.catalog.models import Category, Product
from lodestock.catalog.services.bulk.reading import Lists, Wanted
from lodestock.catalog.types import ProductKind
from lodestock.eventstore import services as eventstore
from lodestock.kernel.ensure import Ensured, insert_missing

COLUMNS = ("code", "name", "kind", "category_id", "base_uom_id", "options", "description")


def ensure_products(
    wanted: dict[str, Wanted], lists: Lists, result: Ensured, *, strict: bool
) -> dict[str, Product]:
    """Products by code for every wanted row; rows that contradict theirs are refused."""
    codes = {row.product_code for row in wanted.values()}
    products = _stored(codes)
    new = _new_products(wanted.values(), products, lists, result, strict=strict)
    inserted = insert_missing(
        Product, [name.removesuffix("_id") for name in COLUMNS], map(_values, new), key="code"
    )
    for product in new:
        product.pk = inserted.get(product.code)
    names = {key: code for code, key in lists.units.items()}
    told = [p for p in new if p.pk is not None]
    eventstore.append_many([events.product_created(p, base_uom=names[p.base_uom_id]) for p in told])
    products |= {p.code: p for p in told} | _stored(codes - {*products, *inserted})
    _refuse_other_units(wanted, products, result, strict=strict)
    return products


def _stored(codes: Iterable[str]) -> dict[str, Product]:
    found = Product.objects.filter(code__in=codes) if codes else ()
    return {product.code: product for product in found}


def _new_products(
    rows: Iterable[Wanted],
    known: dict[str, Product],
    lists: Lists,
    result: Ensured,
    *,
    strict: bool,
) -> list[Product]:
    new: dict[str, Product] = {}
    categories = _category_ids(rows)
    for row in rows:
        code = row.spec.category_code
        if code and code not in categories:
            result.refuse(row.spec.sku, _no_category(code), strict=strict)
        elif row.product_code not in known and row.product_code not in new:
            new[row.product_code] = Product(
                code=row.product_code,
                name=row.product_name,
                kind=row.spec.kind or ProductKind.PRODUCT.value,
                category_id=categories[code] if code else None,
                base_uom_id=row.base_uom_id or lookups.unit_id("each", lists.units),
            )
    return list(new.values())


def _category_ids(rows: Iterable[Wanted]) -> dict[str, int]:
    codes = {row.spec.category_code for row in rows if row.spec.category_code}
    if not codes:
        return {}
    return dict(Category.objects.active().filter(code__in=codes).values_list("code", "id"))


def _values(product: Product) -> tuple[object, ...]:
    return tuple(getattr(product, name) for name in COLUMNS)


def _refuse_other_units(
    wanted: dict[str, Wanted], products: dict[str, Product], result: Ensured, *, strict: bool
) -> None:
    for sku, row in wanted.items():
        product = products.get(row.product_code)
        if product and row.base_uom_id not in {None, product.base_uom_id}:
            result.refuse(sku, _other_unit(row, product), strict=strict)


def _other_unit(row: Wanted, product: Product) -> FixedByStock:
    return FixedByStock(
        f"{row.spec.sku} comes in {row.spec.base_uom}, but its product {product.code} is counted in"
        f" {product.base_uom.code}: convert the quantities, or import it under another code.",
        field="base_uom",
    )


def _no_category(code: str) -> UnknownCategory:
    return UnknownCategory(
        f"There is no active category {code!r}: create it, or leave the column empty.",
        field="category",
    )
