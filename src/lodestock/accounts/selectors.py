"""Questions about accounts."""

from __future__ import annotations

from django.db import models

from lodestock.kernel.principals import Principal

from .models import ApiKey, ScopeGrant, User
from .permissions import VIEW_KEYS, VIEW_SCOPES, VIEW_USERS
from .principals import UserPrincipal


def principal_for(user: User) -> UserPrincipal:
    """The principal of a user outside of a request (jobs, commands, tests)."""
    return UserPrincipal(user)


def user_by_name(username: str) -> User:
    """The user with this name, whatever its case. Raises ``User.DoesNotExist``."""
    return User.objects.get_by_natural_key(username)


def users_visible_to(principal: Principal) -> models.QuerySet[User]:
    """Everybody for those who manage users, otherwise oneself."""
    rows = User.objects.select_related("department", "requested_group").prefetch_related("groups")
    return rows if principal.may(VIEW_USERS) else rows.filter(pk=principal.actor_id)


def api_keys_visible_to(principal: Principal) -> models.QuerySet[ApiKey]:
    """Every key for those who manage keys, otherwise one's own."""
    rows = ApiKey.objects.select_related("user")
    return rows if principal.may(VIEW_KEYS) else rows.filter(user__pk__in=[principal.actor_id])


def scope_grants_visible_to(principal: Principal) -> models.QuerySet[ScopeGrant]:
    """Every grant for those who manage scopes, otherwise one's own."""
    rows = ScopeGrant.objects.select_related("user")
    return rows if principal.may(VIEW_SCOPES) else rows.filter(user__pk__in=[principal.actor_id])
