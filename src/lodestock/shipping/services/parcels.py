"""Add what the carrier lifts."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Max

from lodestock.kernel.db import transaction
from lodestock.kernel.errors import IllegalTransition
from lodestock.kernel.gs1 import parse_sscc
from lodestock.kernel.numbers import parse_quantity
from lodestock.shipping import locks
from lodestock.shipping.domain.machine import ShipmentStatus as S
from lodestock.shipping.models import Parcel

_OPEN = (S.PLANNED, S.PACKING, S.READY, S.BOOKED, S.ANNOUNCED, S.ARRIVED)


def add_parcel(
    *,
    shipment_id: int,
    sscc: str | None = None,
    tracking_no: str = "",
    weight_kg: Decimal | str | None = None,
) -> Parcel:
    """Add a parcel to a shipment that has not departed.

    Raises :class:`InvalidInput` for an SSCC with a wrong check digit or a weight that is not
    positive, :class:`IllegalTransition` when the shipment has left.
    """
    number = parse_sscc(sscc) if sscc else None
    weight = None if weight_kg is None else parse_quantity(weight_kg, field="weight_kg")
    with transaction():
        shipment = locks.lock_shipments([shipment_id])[shipment_id]
        if shipment.status not in _OPEN:
            raise IllegalTransition(
                f"Shipment {shipment.number} is {shipment.status}: no parcel can be added any more."
            )
        last = Parcel.objects.filter(shipment=shipment).aggregate(last=Max("parcel_no"))["last"]
        return Parcel.objects.create(
            shipment=shipment,
            parcel_no=(last or 0) + 1,
            sscc=number,
            tracking_no=tracking_no,
            weight_kg=weight,
        )
