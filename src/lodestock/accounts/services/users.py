"""Letting people in, and out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group

from lodestock.accounts.errors import LastAdministrator, UnknownRole
from lodestock.accounts.models import User
from lodestock.accounts.tokens import revoke_all
from lodestock.accounts.types import Role
from lodestock.kernel.db import transaction

from .passwords import check_password_policy


def create_user(
    *, username: str, password: str | None = None, roles: Iterable[str] = (), **fields: Any
) -> User:
    """A new user with roles; without a password only keys and other sign-in ways work.

    Raises :class:`WeakPassword` and :class:`UnknownRole`.
    """
    with transaction():
        user = User(username=username, **fields)
        if password is not None:
            check_password_policy(password, user)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        set_roles(user=user, roles=roles)
    return user


def set_roles(*, user: User, roles: Iterable[str]) -> User:
    """Give the user exactly these roles. Raises :class:`UnknownRole`."""
    wanted = set(map(str, roles))
    groups = list(Group.objects.filter(name__in=wanted))
    missing = sorted(wanted - {group.name for group in groups})
    if missing:
        known = ", ".join(role.value for role in Role)
        raise UnknownRole(f"There is no role {missing[0]!r}; known are: {known}.", field="roles")
    with transaction():
        user.groups.set(groups)
    return user


def deactivate_user(*, user: User) -> None:
    """Close the account: no sign-in, no key, no token works any more; history stays.

    Raises :class:`LastAdministrator` when nobody else could let people in.
    """
    others = User.objects.active().filter(is_superuser=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise LastAdministrator(
            f"{user.username} is the only superuser: make another one before deactivating this one."
        )
    with transaction():
        user.deactivate()
        revoke_all(user.pk)


def restore_user(*, user: User) -> None:
    """Open the account again; old tokens stay revoked."""
    with transaction():
        user.restore()
