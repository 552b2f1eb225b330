"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lodestock.catalog.services import ensure_variants
from lodestock.catalog.types import VariantSpec
from lodestock.locations.services import ensure_locations
from lodestock.locations.types import LocationSpec
from lodestock.organisation.services import ensure_site
from lodestock.partners.services import ensure_partners
from lodestock.partners.types import PartnerSpec
from lodestock.purchasing import services
from lodestock.purchasing.models import PurchaseOrder, Receipt
from lodestock.purchasing.types import (
    PurchaseLineInput,
    PurchaseOrderInput,
    ReceiptInput,
    ReceivedLine,
)

LONG_AGO = datetime(2024, 3, 1, 9, tzinfo=UTC)


def a_site() -> int:
    return ensure_site(code="HQ", name="Head office", currency="EUR", time_zone="Europe/Berlin").pk


def a_location(path: str = "WH1/DOCK") -> int:
    warehouse, _, _ = path.partition("/")
    specs = [LocationSpec(path=warehouse, kind="warehouse"), LocationSpec(path=path, kind="zone")]
    return ensure_locations(site_id=a_site(), specs=specs)[path]


def a_supplier(code: str = "ACME") -> int:
    spec = PartnerSpec(
        code=code,
        name=f"{code} Ltd",
        roles=("supplier",),
        payment_terms="NET30",
        lead_time_days_mean=Decimal(10),
        lead_time_days_sd=Decimal(2),
    )
    return ensure_partners([spec])[code]


def a_customer(code: str = "CLINIC") -> int:
    return ensure_partners([PartnerSpec(code=code, name=code, roles=("customer",))])[code]


def a_variant(sku: str = "BX-204", **fields: object) -> int:
    spec = VariantSpec(sku=sku, name=sku, kind="product", base_uom="each", **fields)
    return ensure_variants([spec])[sku]


def an_order(
    quantity: Decimal | int = 100,
    *,
    variant: int | None = None,
    uom: str = "",
    price: str = "2.50",
    tolerance: str | None = None,
    supplier: str = "ACME",
    ordered_at: datetime | None = None,
) -> PurchaseOrder:
    """A draft with one line."""
    line = PurchaseLineInput(
        variant_id=variant or a_variant(),
        quantity=Decimal(quantity),
        uom=uom,
        unit_price=Decimal(price),
        tolerance=None if tolerance is None else Decimal(tolerance),
    )
    return services.create_purchase_order(
        PurchaseOrderInput(
            supplier_id=a_supplier(supplier),
            site_id=a_site(),
            lines=(line,),
            ordered_at=ordered_at or LONG_AGO,
        )
    )


def approved(order: PurchaseOrder) -> PurchaseOrder:
    services.submit_purchase_order(order.pk, occurred_at=LONG_AGO)
    return services.approve_purchase_order(order.pk, occurred_at=LONG_AGO)


def sent(order: PurchaseOrder) -> PurchaseOrder:
    approved(order)
    return services.send_purchase_order(order.pk, occurred_at=LONG_AGO)


def receive(
    order: PurchaseOrder, quantity: Decimal | int, *, days: int = 8, **line: object
) -> Receipt:
    """Count goods of the order's first line, so many days after it was sent."""
    first = order.lines.order_by("line_no").first()
    assert first is not None
    return services.receive_goods(
        ReceiptInput(
            order_id=order.pk,
            location_id=a_location(),
            occurred_at=LONG_AGO + timedelta(days=days),
            lines=(ReceivedLine(quantity=Decimal(quantity), line_id=first.pk, **line),),
        )
    )


def make_purchase_orders(n: int) -> None:
    for number in range(n):
        an_order(10 + number)


def make_receipts(n: int) -> None:
    for number in range(n):
        receive(sent(an_order(10 + number)), 5)


ROWS = {
    "purchase-orders": make_purchase_orders,
    "purchase-lines": make_purchase_orders,
    "receipts": make_receipts,
    "receipt-lines": make_receipts,
}
