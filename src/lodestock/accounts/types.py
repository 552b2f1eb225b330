"""What crosses the border of this room: the roles, and kinds of scope."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Roles are Django groups with exactly these names; they exist after every migrate."""

    FACTORY_ADMIN = "Factory Admin"
    PLANT_MANAGER = "Plant Manager"
    STOCK_KEEPER = "Stock Keeper"
    DEPT_SK = "Dept SK"
    OPERATOR = "Operator"
    FORKLIFT_DRIVER = "Forklift Driver"
    PICKER = "Picker"
    PURCHASER = "Purchaser"
    PLANNER = "Planner"
    ORDER_CLERK = "Order Clerk"
    FINANCE = "Finance"
    INTEGRATOR = "Integrator"
    AUDITOR = "Auditor"
    VIEW_ONLY = "View Only"
    SUPPLIER = "Supplier"


#: Everybody inside the company; portal users (suppliers) see only what is opened to them.
INTERNAL = frozenset(Role) - {Role.SUPPLIER}

#: May look at everything and change nothing, whatever other roles they have.
READ_ONLY_ROLES = frozenset({Role.AUDITOR})

DEPARTMENT = "department"
WAREHOUSE = "warehouse"
PARTNER = "partner"
