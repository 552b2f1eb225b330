"""Passwords: the policy, and what a change ends."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lodestock.accounts.errors import WeakPassword, WrongPassword
from lodestock.accounts.models import User
from lodestock.accounts.tokens import revoke_all
from lodestock.kernel.db import transaction


def check_password_policy(password: str, user: User) -> None:
    """Raises :class:`WeakPassword` with every rule that is broken."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages), field="password") from None


def set_password(*, user: User, password: str) -> None:
    """Set a password; every open refresh token is revoked, sessions end by Django's own rule."""
    check_password_policy(password, user)
    user.set_password(password)
    with transaction():
        user.save(update_fields=["password", "updated_at"])
        revoke_all(user.pk)


def change_password(*, user: User, present: str, password: str) -> None:
    """A user changes their own password. Raises :class:`WrongPassword`, :class:`WeakPassword`."""
    if not user.check_password(present):
        raise WrongPassword("The present password is not correct.", field="present_password")
    set_password(user=user, password=password)
