"""What may be asked about shipments."""

from __future__ import annotations

from django.db import models

from lodestock.kernel.principals import Principal, limit_to_scope
from lodestock.locations.selectors import limit_to_warehouses

from .models import Parcel, Shipment, ShipmentLine, TrackingEvent


def shipments(principal: Principal) -> models.QuerySet[Shipment]:
    """Which shipments may this principal see?

    Those that touch their partner and department, and begin or end in their warehouses.
    """
    scope = {"department": "origin_location__department_id"}
    rows = limit_to_scope(Shipment.objects.all(), principal, scope)
    rows = limit_to_warehouses(rows, principal, "origin_location_id", "destination_location_id")
    allowed = principal.within("partner")
    if allowed is None:
        return rows
    return rows.filter(
        models.Q(origin_partner__in=allowed)
        | models.Q(destination_partner__in=allowed)
        | models.Q(carrier__in=allowed)
    )


def shipment_lines(principal: Principal) -> models.QuerySet[ShipmentLine]:
    """Which lines of shipments may this principal see?"""
    visible = shipments(principal).order_by().values("pk")
    return ShipmentLine.objects.filter(shipment__in=visible).select_related("variant")


def parcels(principal: Principal) -> models.QuerySet[Parcel]:
    """Which parcels may this principal see?"""
    return Parcel.objects.filter(shipment__in=shipments(principal).order_by().values("pk"))


def tracking_events(principal: Principal) -> models.QuerySet[TrackingEvent]:
    """Which messages of carriers may this principal see?"""
    visible = shipments(principal).order_by().values("pk")
    return TrackingEvent.objects.filter(shipment__in=visible)
