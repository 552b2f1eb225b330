"""What shipping tells the rest of the house: public ids, never names of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from lodestock.eventstore.types import NewEvent
from lodestock.kernel import ids

from .models import Shipment

AGGREGATE = "Shipment"

#: (SKU, quantity in the base unit)
Goods = tuple[str, Decimal]


def shipment_planned(shipment: Shipment, sqid: str, goods: Iterable[Goods]) -> NewEvent:
    """``ShipmentPlanned``, or ``AdvanceShipNoticeReceived`` for what a supplier announces."""
    payload = _identity(shipment, sqid) | {
        "direction": str(shipment.direction),
        "direct": shipment.direct,
        "number": shipment.number,
        "cause_type": shipment.cause_type,
        "cause_id": shipment.cause_id,
        "occurred_at": shipment.planned_at,
        "eta": shipment.scheduled_on,
        "lines": _lines(goods),
    }
    inbound = shipment.direction == "inbound"
    name = "AdvanceShipNoticeReceived" if inbound else "ShipmentPlanned"
    return NewEvent(name, payload, occurred_at=shipment.planned_at)


def lines_added(
    shipment: Shipment, sqid: str, goods: Iterable[Goods], occurred_at: datetime
) -> NewEvent:
    """``ShipmentLinesAdded``: a further part of a document that is known already."""
    payload = _identity(shipment, sqid) | {"occurred_at": occurred_at, "lines": _lines(goods)}
    return NewEvent("ShipmentLinesAdded", payload, occurred_at=occurred_at)


def shipment_stepped(
    name: str,
    shipment: Shipment,
    sqid: str,
    occurred_at: datetime,
    *,
    place: str = "",
    reason: str = "",
) -> NewEvent:
    """Any step of the machine: ``ShipmentDeparted``, ``ShipmentDelivered``, ``ShipmentFailed`` …"""
    payload = _identity(shipment, sqid) | {
        "occurred_at": occurred_at,
        "place": place,
        "pod": _proof(shipment) if name == "ShipmentDelivered" else None,
        "reason": reason,
    }
    return NewEvent(name, payload, occurred_at=occurred_at)


def _identity(shipment: Shipment, sqid: str) -> dict[str, Any]:
    carrier = shipment.carrier_id
    return {
        "shipment_id": sqid,
        "carrier": None if carrier is None else ids.encode("partners.partner", carrier),
        "tracking": shipment.tracking_no,
    }


def _lines(goods: Iterable[Goods]) -> list[Mapping[str, Any]]:
    return [{"sku": sku, "quantity": quantity} for sku, quantity in goods]


def _proof(shipment: Shipment) -> dict[str, Any] | None:
    if shipment.pod_received_at is None and not shipment.pod_file_sha256:
        return None
    return {"at": shipment.pod_received_at, "file_sha256": shipment.pod_file_sha256}
