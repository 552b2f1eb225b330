"""Predicates over roles and scopes, in one place, by name."""

from __future__ import annotations

from typing import Any

import rules

from .principals import UserPrincipal, is_reading


@rules.predicate
def was_granted(principal: UserPrincipal, permission: str) -> bool:
    """A role, or the user directly, holds the permission."""
    return principal.holds(permission)


@rules.predicate
def changes_something(principal: UserPrincipal, permission: str) -> bool:
    """The permission is for more than looking."""
    return not is_reading(permission)


@rules.predicate
def reads_only(principal: UserPrincipal, permission: Any = None) -> bool:
    """An auditor."""
    return principal.reads_only


rules.add_rule("may", was_granted & ~(reads_only & changes_something))
