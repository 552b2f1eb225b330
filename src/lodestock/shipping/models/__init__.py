"""Shipments, what is on them, and what carriers say about them."""

from .lines import ShipmentLine
from .parcels import Parcel
from .shipments import Shipment
from .tracking import TrackingEvent

__all__ = ["Parcel", "Shipment", "ShipmentLine", "TrackingEvent"]
