"""Legal users, keys and scopes for tests, through services."""

from __future__ import annotations

from lodestock.accounts import services
from lodestock.accounts.models import ApiKey, ScopeGrant, User
from lodestock.accounts.types import Role

PASSWORD = "correct horse battery"


def a_user(username: str = "anna", *roles: Role, **fields: object) -> User:
    """A user with roles and the password ``PASSWORD``."""
    found = User.objects.filter(username=username).first()
    return found or services.create_user(
        username=username, password=PASSWORD, roles=roles, **fields
    )


def a_superuser(username: str = "root") -> User:
    found = User.objects.filter(username=username).first()
    return found or User.objects.create_superuser(username, f"{username}@example.com", PASSWORD)


def make_users(n: int) -> None:
    first = User.objects.count()
    for number in range(first, first + n):
        a_user(f"user{number}", Role.OPERATOR, email=f"user{number}@example.com")


def make_api_keys(n: int) -> None:
    user = a_user("robot", Role.INTEGRATOR, kind="machine")
    first = ApiKey.objects.count()
    for number in range(first, first + n):
        services.issue_api_key(user=user, name=f"Key {number}")


def make_scope_grants(n: int) -> None:
    user = a_user("scoped", Role.OPERATOR)
    first = ScopeGrant.objects.count()
    for number in range(first, first + n):
        services.grant_scope(user=user, kind="department", object_id=number + 1)


ROWS = {"users": make_users, "api-keys": make_api_keys, "scope-grants": make_scope_grants}
