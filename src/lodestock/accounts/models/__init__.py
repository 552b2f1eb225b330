"""Who may do what, and where."""

from .keys import ApiKey
from .roles import SeededGrant
from .scopes import ScopeGrant
from .users import RoleMembership, User, UserPermission

__all__ = ["ApiKey", "RoleMembership", "ScopeGrant", "SeededGrant", "User", "UserPermission"]
