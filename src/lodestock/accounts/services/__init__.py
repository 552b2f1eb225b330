"""Verbs of this room."""

from .api_keys import IssuedKey, issue_api_key, revoke_api_key
from .passwords import change_password, set_password
from .scopes import ScopeKind, grant_scope, register_scope, revoke_scope, scope_kind, scope_kinds
from .users import create_user, deactivate_user, restore_user, set_roles

__all__ = [
    "IssuedKey",
    "ScopeKind",
    "change_password",
    "create_user",
    "deactivate_user",
    "grant_scope",
    "issue_api_key",
    "register_scope",
    "restore_user",
    "revoke_api_key",
    "revoke_scope",
    "scope_kind",
    "scope_kinds",
    "set_password",
    "set_roles",
]
