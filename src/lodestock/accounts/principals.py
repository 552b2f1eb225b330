"""What a user, or a machine with a key, may do and where. Loaded in one query, once a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

import rules
from django.db import connection

from lodestock.kernel.principals import EVERYWHERE, Principal

from .models import ApiKey, User
from .types import DEPARTMENT, READ_ONLY_ROLES

_RIGHTS = """
SELECT
  coalesce((SELECT array_agg(g.name) FROM accounts_user_groups m
            JOIN auth_group g ON g.id = m.group_id WHERE m.user_id = %(user)s), '{}'),
  coalesce((SELECT array_agg(DISTINCT c.app_label || '.' || p.codename)
            FROM auth_permission p JOIN django_content_type c ON c.id = p.content_type_id
            WHERE p.id IN (SELECT permission_id FROM accounts_user_user_permissions
                           WHERE user_id = %(user)s
                           UNION ALL
                           SELECT gp.permission_id FROM auth_group_permissions gp
                           JOIN accounts_user_groups m ON m.group_id = gp.group_id
                           WHERE m.user_id = %(user)s)), '{}'),
  coalesce((SELECT array_agg(kind || ':' || object_id) FROM accounts_scopegrant
            WHERE user_id = %(user)s AND active), '{}')
"""


@dataclass(frozen=True)
class Rights:
    """Roles, permissions and scopes of one user, as they stand."""

    roles: frozenset[str]
    permissions: frozenset[str]
    scopes: Mapping[str, frozenset[int]]


class UserPrincipal:
    """A signed-in user; with ``api_key``, a machine that acts as that user."""

    def __init__(self, user: User, api_key: ApiKey | None = None) -> None:
        self.user = user
        self.api_key = api_key

    @property
    def key(self) -> str:
        return f"user:{self.user.pk}" if self.api_key is None else f"key:{self.api_key.pk}"

    @property
    def actor_id(self) -> int | None:
        return self.user.pk

    @cached_property
    def rights(self) -> Rights:
        """Read on first use; a principal lives as long as its request."""
        return rights_of(self.user)

    def may(self, permission: str, **scope: int | None) -> bool:
        """Active, within the key's limits, not read-only, permitted, and in this place."""
        if not self.user.active or not self._key_allows(permission):
            return False
        if self.user.is_superuser:
            return True
        return rules.test_rule("may", self, permission) and self._reaches(scope)

    def within(self, kind: str) -> frozenset[int] | None:
        if self.user.is_superuser or f"accounts.all_{kind}s" in self.rights.permissions:
            return EVERYWHERE
        granted = self.rights.scopes.get(kind, frozenset())
        if kind == DEPARTMENT and self.user.department_id:
            return granted | {self.user.department_id}
        return granted

    def holds(self, permission: str) -> bool:
        """Whether a role, or the user directly, was given ``permission``."""
        return permission in self.rights.permissions

    @property
    def reads_only(self) -> bool:
        """Auditors look at everything and change nothing, whatever else they are."""
        return bool(self.rights.roles & READ_ONLY_ROLES)

    def _key_allows(self, permission: str) -> bool:
        if self.api_key is None:
            return True
        if self.api_key.read_only and not is_reading(permission):
            return False
        patterns = self.api_key.permissions
        return not patterns or any(fnmatchcase(permission, pattern) for pattern in patterns)

    def _reaches(self, scope: Mapping[str, int | None]) -> bool:
        for kind, place in scope.items():
            allowed = self.within(kind)
            if place is not None and allowed is not EVERYWHERE and place not in allowed:
                return False
        return True


def is_reading(permission: str) -> bool:
    """Whether ``permission`` only lets somebody look."""
    return permission.partition(".")[2].startswith(("view_", "export_"))


def rights_of(user: User) -> Rights:
    """One query for roles, permissions and scopes."""
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, {"user": user.pk})
        roles, permissions, grants = cursor.fetchone()
    scopes: dict[str, set[int]] = {}
    for grant in grants:
        kind, _, object_id = grant.rpartition(":")
        scopes.setdefault(kind, set()).add(int(object_id))
    frozen = {kind: frozenset(places) for kind, places in scopes.items()}
    return Rights(frozenset(roles), frozenset(permissions), frozen)


class AccountDirectory:
    """Names and principals for the kernel (see ``kernel.principals``)."""

    def principal_of(self, request: Any) -> Principal | None:
        user = request.user
        if not isinstance(user, User):
            return None
        found = getattr(request, "_lodestock_principal", None)
        if found is None or found.user is not user:
            key = request.auth if isinstance(getattr(request, "auth", None), ApiKey) else None
            found = UserPrincipal(user, key)
            request._lodestock_principal = found
        return found

    def names(self, actor_ids: Iterable[int]) -> Mapping[int, str]:
        wanted = set(actor_ids)
        if not wanted:
            return {}
        rows = User.objects.filter(pk__in=wanted).values_list("pk", "full_name", "username")
        return {pk: full_name or username for pk, full_name, username in rows}
