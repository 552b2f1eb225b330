"""Who may book, promise and correct stock; everybody inside the company may look."""

from __future__ import annotations

from lodestock.accounts.types import Role

POST = "inventory.post_movement"
REVERSE = "inventory.reverse_movement"
#: Post what makes a past instant negative, or into a closed period.
PAST = "inventory.backdate_posting"
CLOSED = "inventory.reopen_stockperiod"
RESERVE = "inventory.reserve_reservation"
RELEASE = "inventory.release_reservation"
ADD_LOT = "inventory.add_lot"
CHANGE_LOT = "inventory.change_lot"
DELETE_LOT = "inventory.delete_lot"
HOLD_LOT = "inventory.hold_lot"
ADD_UNIT = "inventory.add_handlingunit"
MOVE_UNIT = "inventory.move_handlingunit"
CLOSE_PERIOD = "inventory.close_stockperiod"

_LOTS = (ADD_LOT, CHANGE_LOT, DELETE_LOT, HOLD_LOT)
_FLOOR = (POST, ADD_UNIT, MOVE_UNIT)
_PROMISES = (RESERVE, RELEASE)

GRANTS = {
    Role.PLANT_MANAGER: (*_FLOOR, *_PROMISES, *_LOTS, REVERSE, PAST, CLOSED, CLOSE_PERIOD),
    Role.STOCK_KEEPER: (*_FLOOR, *_PROMISES, *_LOTS, REVERSE, PAST),
    Role.DEPT_SK: (*_FLOOR, *_PROMISES, ADD_LOT, REVERSE),
    Role.OPERATOR: (POST, MOVE_UNIT),
    Role.FORKLIFT_DRIVER: (POST, MOVE_UNIT),
    Role.PICKER: (POST, MOVE_UNIT),
    Role.PLANNER: _PROMISES,
    Role.ORDER_CLERK: _PROMISES,
    Role.FINANCE: (CLOSED, CLOSE_PERIOD),
    Role.INTEGRATOR: (*_FLOOR, *_PROMISES, ADD_LOT, CHANGE_LOT),
}
