"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from lodestock.catalog.services import ensure_variants
from lodestock.catalog.types import VariantSpec
from lodestock.inventory.services import UnitSpec, ensure_units, post_movements
from lodestock.inventory.types import MovementLine, Place
from lodestock.locations.selectors import virtual_location
from lodestock.locations.services import ensure_locations
from lodestock.locations.types import LocationSpec
from lodestock.organisation.services import ensure_site
from lodestock.partners.services import ensure_partners
from lodestock.partners.types import PartnerSpec
from lodestock.sales import services
from lodestock.sales.models import SalesOrder
from lodestock.sales.types import (
    LineKind,
    ReturnInput,
    ReturnLineInput,
    SalesLineInput,
    SalesOrderInput,
)

LONG_AGO = datetime(2024, 3, 1, 9, tzinfo=UTC)


def a_site() -> int:
    return ensure_site(code="HQ", name="Head office", currency="EUR", time_zone="Europe/Berlin").pk


def a_warehouse() -> int:
    spec = LocationSpec(path="WH1", kind="warehouse", holds_stock=True)
    return ensure_locations(site_id=a_site(), specs=[spec])["WH1"]


def a_customer(code: str = "CLINIC") -> int:
    return ensure_partners([PartnerSpec(code=code, name=code, roles=("customer",))])[code]


def a_variant(sku: str = "ABC-123", **fields: object) -> int:
    given = {"kind": "product", "base_uom": "each"} | fields
    return ensure_variants([VariantSpec(sku=sku, name=sku, **given)])[sku]


def stock(variant: int, quantity: Decimal | int, *, note: str = "") -> None:
    """Put goods on stock, long before anything is sold."""
    post_movements(
        kind="receive",
        reference_type="test",
        reference_id=f"{variant}:{note or quantity}",
        occurred_at=datetime(2009, 1, 1, tzinfo=UTC),
        lines=[
            MovementLine(
                variant,
                Decimal(quantity),
                Place(virtual_location("opening")),
                Place(a_warehouse()),
            )
        ],
    )


def stock_pieces(variant: int, serials: Sequence[str]) -> dict[str, int]:
    """Put pieces with serial numbers on stock; their units by number."""
    place = a_warehouse()
    units = ensure_units([UnitSpec(variant, serial, place) for serial in serials])
    post_movements(
        kind="receive",
        reference_type="test",
        reference_id=f"{variant}:{serials[0]}",
        occurred_at=datetime(2009, 1, 1, tzinfo=UTC),
        lines=[
            MovementLine(
                variant, Decimal(1), Place(virtual_location("opening")), Place(place, hu_id=unit)
            )
            for unit in units.values()
        ],
    )
    return {serial: unit for (_, serial), unit in units.items()}


def line(variant: int | None, quantity: Decimal | int, price: str = "5.00", **more: object):
    return SalesLineInput(
        variant_id=variant, quantity=Decimal(quantity), unit_price=Decimal(price), **more
    )


def order_input(lines: Sequence[SalesLineInput], **more: object) -> SalesOrderInput:
    given = {"customer_id": a_customer(), "ordered_at": LONG_AGO} | more
    return SalesOrderInput(site_id=a_site(), location_id=a_warehouse(), lines=tuple(lines), **given)


def an_order(quantity: Decimal | int = 2, *, variant: int | None = None) -> SalesOrder:
    """A placed order with one line."""
    return services.create_order(order_input([line(variant or a_variant(), quantity)]))


def a_return(variant: int, quantity: Decimal | int, **more: object) -> ReturnInput:
    given = {"customer_id": a_customer(), "reason": "defective"} | more
    item = ReturnLineInput(
        variant_id=variant, quantity=Decimal(quantity), unit_price=Decimal("5.00")
    )
    return ReturnInput(site_id=a_site(), location_id=a_warehouse(), lines=(item,), **given)


def make_sales_orders(n: int) -> None:
    for number in range(n):
        services.create_order(
            order_input(
                [
                    line(a_variant(), 1 + number),
                    line(None, 1, "3.90", kind=LineKind.SERVICE, sku="POST"),
                ]
            )
        )


def make_returns(n: int) -> None:
    for _ in range(n):
        services.return_goods(a_return(a_variant(), 1))


ROWS = {
    "sales-orders": make_sales_orders,
    "sales-lines": make_sales_orders,
    "returns": make_returns,
    "return-lines": make_returns,
}
