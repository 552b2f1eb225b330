"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from lodestock.catalog.services import ensure_variants
from lodestock.catalog.types import VariantSpec
from lodestock.partners.services import ensure_partners
from lodestock.partners.types import PartnerSpec
from lodestock.shipping import services
from lodestock.shipping.models import Shipment
from lodestock.shipping.types import Direction, ShipmentInput, ShipmentLineInput

LONG_AGO = datetime(2024, 3, 1, 9, tzinfo=UTC)


def a_variant(sku: str = "BX-204") -> int:
    spec = VariantSpec(sku=sku, name=sku, kind="product", base_uom="each")
    return ensure_variants([spec])[sku]


def a_carrier(code: str = "POSTMAN") -> int:
    return ensure_partners([PartnerSpec(code=code, name=code, roles=("carrier",))])[code]


def a_line(quantity: int = 2, **more: object) -> ShipmentLineInput:
    return ShipmentLineInput(a_variant(), Decimal(quantity), **more)


def shipment_input(**more: object) -> ShipmentInput:
    given = ShipmentInput(
        direction=Direction.OUTBOUND,
        lines=(a_line(),),
        carrier_id=a_carrier(),
        planned_at=LONG_AGO,
        cause_type="sales_order",
        cause_id="SO-1",
    )
    return replace(given, **more)


def a_shipment(**more: object) -> Shipment:
    return Shipment.objects.get(pk=services.plan_shipment(shipment_input(**more)).id)


def make_shipments(n: int) -> None:
    for _ in range(n):
        a_shipment()


def make_parcels(n: int) -> None:
    shipment = a_shipment()
    for _ in range(n):
        services.add_parcel(shipment_id=shipment.pk)


def make_tracking_events(n: int) -> None:
    shipment = a_shipment()
    for number in range(n):
        services.record_tracking(shipment_id=shipment.pk, code=f"SCAN{number}")


ROWS = {
    "shipments": make_shipments,
    "shipment-lines": make_shipments,
    "parcels": make_parcels,
    "tracking-events": make_tracking_events,
}
