"""May this principal do this here? Asked before every action and for every row."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from lodestock.kernel.errors import Forbidden
from lodestock.kernel.principals import Principal, directory

#: Standard actions and the Django permission that stands for them.
STANDARD = {
    "list": "view",
    "retrieve": "view",
    "history": "view",
    "create": "add",
    "partial_update": "change",
    "update": "change",
    "destroy": "delete",
    "restore": "delete",
}


def principal_of(request: Request) -> Principal | None:
    """The authenticated principal of a request, or ``None`` for an anonymous one."""
    if not getattr(request.user, "is_authenticated", False):
        return None
    return directory().principal_of(request)


class HoldsPermission(BasePermission):
    """Deny by default: an action without a permission is nobody's."""

    def has_permission(self, request: Request, view: Any) -> bool:
        principal = principal_of(request)
        if principal is None:
            return False
        if getattr(view, "action", "") is None:
            return True  # the method is not possible here at all, and is answered with 405
        permission = view.permission_needed()
        if permission == AUTHENTICATED or (permission and principal.may(permission)):
            return True
        raise Forbidden(_refusal(permission), permission=permission)

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        principal = principal_of(request)
        if principal is None:
            return False
        permission = view.permission_needed()
        if permission == AUTHENTICATED or principal.may(permission, **view.scope_of(obj)):
            return True
        raise Forbidden(
            f"{_refusal(permission)} It is outside the departments or warehouses you work in.",
            permission=permission,
        )


#: For views that everybody who is signed in may use (their own profile, the list of codes).
AUTHENTICATED = "authenticated"


def _refusal(permission: str | None) -> str:
    if not permission:
        return "Nobody may do this through the API."
    verb = permission.rpartition(".")[2].replace("_", " ")
    return f"You may not {verb}: ask an administrator for a role with the permission {permission}."
