"""Addresses of this room."""

from __future__ import annotations

from . import views

routes = [
    ("shipments", views.ShipmentViewSet),
    ("shipment-lines", views.ShipmentLineViewSet),
    ("parcels", views.ParcelViewSet),
    ("tracking-events", views.TrackingEventViewSet),
]
