"""Who may plan and move shipments; everybody inside the company may look."""

from __future__ import annotations

from lodestock.accounts.types import Role

ADD = "shipping.add_shipment"
STEP = "shipping.step_shipment"
ADD_PARCEL = "shipping.add_parcel"
ADD_TRACKING = "shipping.add_trackingevent"

#: Any of these works on a shipment, and so on its files: papers, photos, signatures.
WRITES = (ADD, STEP, ADD_PARCEL)

_ALL = (ADD, STEP, ADD_PARCEL, ADD_TRACKING)

GRANTS = {
    Role.PLANT_MANAGER: _ALL,
    Role.STOCK_KEEPER: _ALL,
    Role.OPERATOR: (STEP, ADD_PARCEL),
    Role.ORDER_CLERK: _ALL,
    Role.PURCHASER: (ADD, STEP, ADD_TRACKING),
    Role.INTEGRATOR: _ALL,
}
