"""Two warehouses at two sites in which everything has happened once, and people who work there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from rest_framework.test import APIClient

from lodestock.accounts.services import create_user, grant_scope
from lodestock.accounts.types import WAREHOUSE, Role
from lodestock.inventory.services import create_handling_unit, post_movements, reserve_stock
from lodestock.inventory.types import MovementLine, Place
from lodestock.locations.models import Location
from lodestock.locations.selectors import virtual_location
from lodestock.locations.tests.factories import a_place, a_site, a_warehouse
from lodestock.purchasing import services as purchasing
from lodestock.purchasing.models import PurchaseOrder
from lodestock.purchasing.tests.factories import a_supplier, a_variant
from lodestock.purchasing.types import (
    PurchaseLineInput,
    PurchaseOrderInput,
    ReceiptInput,
    ReceivedLine,
)
from lodestock.sales import services as sales
from lodestock.sales.models import SalesOrder
from lodestock.sales.types import ReturnInput, ReturnLineInput, SalesLineInput, SalesOrderInput
from lodestock.shipping import services as shipping
from lodestock.shipping.models import Shipment
from lodestock.shipping.types import Direction, ShipmentInput, ShipmentLineInput

_numbers = count(1)


@dataclass(frozen=True)
class House:
    """A warehouse with a document of each kind, all of them at its dock."""

    warehouse: Location
    dock: Location
    order: PurchaseOrder
    sale: SalesOrder
    shipment: Shipment

    @property
    def here(self) -> dict[str, str]:
        """The site and the place, as a request names them."""
        assert self.warehouse.site is not None
        return {"site": self.warehouse.site.sqid, "location": self.dock.sqid}


def a_house(code: str) -> House:
    """A site with one warehouse; of each kind of document there is one."""
    warehouse = a_warehouse(code, a_site(f"SITE-{code}"))
    dock = a_place(warehouse, "zone", "DOCK")
    _stock(dock)
    order, sale = _bought(dock), _sold(dock)
    _given_back(dock)
    shipment = a_shipment(origin_location_id=dock.pk)
    shipping.add_parcel(shipment_id=shipment.pk)
    shipping.record_tracking(shipment_id=shipment.pk, code="SCAN")
    return House(warehouse, dock, order, sale, shipment)


def a_shipment(direction: Direction = Direction.OUTBOUND, **ends: int) -> Shipment:
    """One article on its way between these ends."""
    line = ShipmentLineInput(a_variant(), Decimal(1))
    planned = shipping.plan_shipment(ShipmentInput(direction=direction, lines=(line,), **ends))
    return Shipment.objects.get(pk=planned.id)


def moved_between(first: House, second: House) -> int:
    """The key of a posting from one house to the other."""
    line = MovementLine(a_variant(), Decimal(1), Place(first.dock.pk), Place(second.dock.pk))
    return post_movements(
        kind="transfer", reference_type="test", reference_id=_reference(), lines=[line]
    ).posting_id


def a_worker(*places: Location, role: Role = Role.DEPT_SK) -> APIClient:
    """A client of somebody with this role and a grant for each of these places."""
    user = create_user(username=f"worker{next(_numbers)}", roles=[role])
    for place in places:
        grant_scope(user=user, kind=WAREHOUSE, object_id=place.pk)
    client = APIClient()
    client.force_authenticate(user)
    return client


def _reference() -> str:
    return f"T{next(_numbers)}"


def _stock(dock: Location) -> None:
    """Goods on a pallet, and a promise of some."""
    variant = a_variant()
    pallet = create_handling_unit(kind="pallet", location_id=dock.pk)
    sides = Place(virtual_location("supplier")), Place(dock.pk, pallet.pk)
    post_movements(
        kind="receive",
        reference_type="test",
        reference_id=_reference(),
        lines=[MovementLine(variant, Decimal(50), *sides)],
    )
    reserve_stock(
        reference_type="test",
        reference_id=_reference(),
        line_key="1",
        variant_id=variant,
        quantity=Decimal(1),
        location_ids=[dock.pk],
    )


def _bought(dock: Location) -> PurchaseOrder:
    line = PurchaseLineInput(variant_id=a_variant(), quantity=Decimal(10))
    order = purchasing.create_purchase_order(
        PurchaseOrderInput(supplier_id=a_supplier(), site_id=_site(dock), lines=(line,))
    )
    purchasing.submit_purchase_order(order.pk)
    purchasing.approve_purchase_order(order.pk)
    purchasing.send_purchase_order(order.pk)
    counted = ReceivedLine(quantity=Decimal(5), line_id=order.lines.get().pk)
    purchasing.receive_goods(ReceiptInput(order_id=order.pk, location_id=dock.pk, lines=(counted,)))
    return order


def _sold(dock: Location) -> SalesOrder:
    line = SalesLineInput(variant_id=a_variant(), quantity=Decimal(2), unit_price=Decimal(5))
    return sales.create_order(
        SalesOrderInput(site_id=_site(dock), location_id=dock.pk, lines=(line,))
    )


def _given_back(dock: Location) -> None:
    line = ReturnLineInput(variant_id=a_variant(), quantity=Decimal(1), unit_price=Decimal(5))
    sales.return_goods(
        ReturnInput(site_id=_site(dock), location_id=dock.pk, lines=(line,), reason="defective")
    )


def _site(place: Location) -> int:
    assert place.site_id is not None
    return place.site_id
