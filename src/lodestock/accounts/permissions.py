"""Who may do what with accounts, and with the rooms below that cannot know the roles.

Every room has such a module: names for its permissions, ``GRANTS`` (role → permissions) and, if
not everybody inside the company may look at its rows, ``SEEN_BY``.
"""

from __future__ import annotations

from .types import INTERNAL, Role

VIEW_USERS = "accounts.view_user"
ADD_USERS = "accounts.add_user"
CHANGE_USERS = "accounts.change_user"
DELETE_USERS = "accounts.delete_user"
VIEW_KEYS = "accounts.view_apikey"
ADD_KEYS = "accounts.add_apikey"
DELETE_KEYS = "accounts.delete_apikey"
VIEW_SCOPES = "accounts.view_scopegrant"
ALL_DEPARTMENTS = "accounts.all_departments"
ALL_WAREHOUSES = "accounts.all_warehouses"
ALL_PARTNERS = "accounts.all_partners"

SEEN_BY = frozenset({Role.FACTORY_ADMIN, Role.AUDITOR})

#: Rooms below this one cannot know the roles: who may look at their rows.
SEEN_BELOW = {
    "kernel": frozenset({Role.FACTORY_ADMIN, Role.AUDITOR}),
    "eventstore": frozenset({Role.FACTORY_ADMIN, Role.AUDITOR, Role.INTEGRATOR}),
    "organisation": INTERNAL,
}

_EVERYWHERE = (ALL_DEPARTMENTS, ALL_WAREHOUSES, ALL_PARTNERS)
_ATTACH = ("organisation.add_attachment",)


def _manages(*models: str) -> tuple[str, ...]:
    return tuple(f"organisation.{verb}_{m}" for m in models for verb in ("add", "change", "delete"))


GRANTS = {
    Role.FACTORY_ADMIN: (*_EVERYWHERE,),
    Role.PLANT_MANAGER: (
        ALL_WAREHOUSES,
        ALL_PARTNERS,
        VIEW_USERS,
        *_ATTACH,
        *_manages("department", "calendar", "calendarday", "reasoncode"),
    ),
    Role.STOCK_KEEPER: (ALL_WAREHOUSES, ALL_PARTNERS, *_ATTACH),
    Role.DEPT_SK: (ALL_PARTNERS, *_ATTACH),
    Role.OPERATOR: (ALL_PARTNERS, *_ATTACH),
    Role.FORKLIFT_DRIVER: (*_EVERYWHERE, *_ATTACH),
    Role.PICKER: (ALL_WAREHOUSES, ALL_PARTNERS, *_ATTACH),
    Role.PURCHASER: (*_EVERYWHERE, *_ATTACH),
    Role.PLANNER: (*_EVERYWHERE, *_ATTACH),
    Role.ORDER_CLERK: (*_EVERYWHERE, *_ATTACH),
    Role.FINANCE: (*_EVERYWHERE, *_ATTACH, *_manages("currencyrate")),
    Role.INTEGRATOR: (*_EVERYWHERE, *_ATTACH, "eventstore.change_parkedevent"),
    Role.AUDITOR: _EVERYWHERE,
    Role.VIEW_ONLY: _EVERYWHERE,
}
