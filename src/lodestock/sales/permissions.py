"""Who may sell, ship and take back; everybody inside the company may look."""

from __future__ import annotations

from lodestock.accounts.types import Role

ADD = "sales.add_salesorder"
RESERVE = "sales.reserve_salesorder"
SHIP = "sales.ship_salesorder"
CANCEL = "sales.cancel_salesorder"
HOLD = "sales.hold_salesorder"
ADD_RETURN = "sales.add_returnorder"
DISPOSE = "sales.dispose_returnorder"

#: Any of these works on an order, and so on its files.
WRITES = (ADD, SHIP)

_SELLING = (ADD, RESERVE, CANCEL, HOLD, ADD_RETURN)

GRANTS = {
    Role.PLANT_MANAGER: (*_SELLING, SHIP, DISPOSE),
    Role.ORDER_CLERK: (*_SELLING, SHIP),
    Role.STOCK_KEEPER: (RESERVE, SHIP, ADD_RETURN, DISPOSE),
    Role.FINANCE: (HOLD, CANCEL),
    Role.INTEGRATOR: (*_SELLING, SHIP),
}
