"""Who may change places; everybody inside the company may look."""

from __future__ import annotations

from lodestock.accounts.types import Role

CLOSE = "locations.close_location"

_EVERYTHING = (
    "locations.add_location",
    "locations.change_location",
    "locations.delete_location",
    CLOSE,
)

GRANTS = {
    Role.PLANT_MANAGER: _EVERYTHING,
    Role.STOCK_KEEPER: _EVERYTHING,
    Role.DEPT_SK: ("locations.change_location", CLOSE),
    Role.PLANNER: ("locations.change_location",),
    Role.INTEGRATOR: _EVERYTHING,
}
