"""The verbs of shipping. Each has a bulk form; the single one is a bulk of one."""

from .parcels import add_parcel
from .plan import plan_shipment, plan_shipments
from .pointers import resolve_pointers
from .step import confirm_delivery, depart_shipment, step_shipment, step_shipments
from .track import record_tracking

__all__ = [
    "add_parcel",
    "confirm_delivery",
    "depart_shipment",
    "plan_shipment",
    "plan_shipments",
    "record_tracking",
    "resolve_pointers",
    "step_shipment",
    "step_shipments",
]
