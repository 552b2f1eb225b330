"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from lodestock.catalog import services as catalog
from lodestock.inventory import services
from lodestock.inventory.types import MovementLine, Place, PostingReceipt
from lodestock.locations import services as locations
from lodestock.locations.selectors import virtual_location
from lodestock.organisation import services as organisation
from lodestock.partners import services as partners

_numbers = count(1)


def a_site(code: str = "HQ", **fields: Any) -> Any:
    return organisation.ensure_site(
        code=code, name=f"Site {code}", currency="EUR", time_zone="Europe/Berlin", **fields
    )


def a_variant(sku: str = "", *, tracking: str = "none", **fields: Any) -> Any:
    sku = sku or f"SKU-{next(_numbers)}"
    product = catalog.create_product(code=sku, name=sku, tracking=tracking, **fields)
    return product.variants.get()


def a_warehouse(code: str = "", *, site: Any = None, **fields: Any) -> Any:
    site = site or a_site()
    return locations.create_location(
        site_id=site.pk,
        kind="warehouse",
        code=code or f"WH{next(_numbers)}",
        holds_stock=True,
        **fields,
    )


def a_bin(parent: Any, code: str = "", *, kind: str = "zone") -> Any:
    return locations.create_location(
        site_id=parent.site_id,
        parent_id=parent.pk,
        kind=kind,
        code=code or f"Z{next(_numbers)}",
        holds_stock=True,
    )


def an_owner(code: str = "") -> Any:
    return partners.create_partner(
        code=code or f"P{next(_numbers)}", name="Owner", roles=["own_company"]
    )


def virtual(kind: str) -> int:
    return virtual_location(kind)


def quantity(value: object) -> Decimal:
    return Decimal(str(value))


def post(
    kind: str,
    lines: Any,
    *,
    reference: tuple[str, str] | None = None,
    **more: Any,
) -> PostingReceipt:
    """Post under a reference of its own unless one is given."""
    kind_of, key = reference or ("test", f"T{next(_numbers)}")
    return services.post_movements(
        kind=kind, reference_type=kind_of, reference_id=key, lines=lines, **more
    )


def receive(
    variant: Any, place: Any, amount: object, *, lot_id: int = 0, **more: Any
) -> PostingReceipt:
    """Goods come in from a supplier."""
    source = Place(virtual("supplier"))
    line = MovementLine(variant.pk, quantity(amount), source, Place(place.pk), lot_id)
    return post("receive", [line], **more)


def ship(
    variant: Any, place: Any, amount: object, *, lot_id: int = 0, **more: Any
) -> PostingReceipt:
    """Goods go out to a customer."""
    line = MovementLine(
        variant.pk, quantity(amount), Place(place.pk), Place(virtual("customer")), lot_id
    )
    return post("ship", [line], **more)


def move(
    variant: Any, source: Any, destination: Any, amount: object, **more: Any
) -> PostingReceipt:
    line = MovementLine(variant.pk, quantity(amount), Place(source.pk), Place(destination.pk))
    return post("transfer", [line], **more)


def make_lots(n: int) -> None:
    variant = a_variant(tracking="lot")
    for number in range(n):
        services.create_lot(variant_id=variant.pk, code=f"L{number}")


def make_stock(n: int) -> None:
    """Receipts of one article in ``n`` places: stock rows, movements, postings."""
    variant, home = a_variant(), a_warehouse()
    for _ in range(n):
        receive(variant, a_bin(home), 10)


def make_reservations(n: int) -> None:
    variant, dock = a_variant(), a_warehouse()
    receive(variant, dock, n)
    for number in range(n):
        services.reserve_stock(
            reference_type="sales_order",
            reference_id=f"SO-{next(_numbers)}",
            line_key=str(number),
            variant_id=variant.pk,
            quantity=Decimal(1),
            location_ids=[dock.pk],
        )


def make_units(n: int) -> None:
    variant, dock = a_variant(), a_warehouse()
    receive(variant, dock, n)
    for _ in range(n):
        unit = services.create_handling_unit(kind="pallet", location_id=dock.pk)
        line = MovementLine(variant.pk, Decimal(1), Place(dock.pk), Place(dock.pk, unit.pk))
        post("transfer", [line])


def make_periods(n: int) -> None:
    for _ in range(n):
        number = next(_numbers)
        starts = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(days=number)
        services.create_period(
            code=f"D{number}", starts_at=starts, ends_at=starts + timedelta(days=1)
        )


ROWS = {
    "stock": make_stock,
    "movements": make_stock,
    "postings": make_stock,
    "lots": make_lots,
    "reservations": make_reservations,
    "handling-units": make_units,
    "stock-periods": make_periods,
}
