"""JSON web tokens whose keys can be rotated: the newest signs, older ones still verify."""

from __future__ import annotations

from typing import Any

import jwt
from django.conf import settings
from rest_framework_simplejwt import state
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import (
    InvalidToken,
    TokenBackendError,
    TokenBackendExpiredToken,
    TokenError,
)
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken, Token

from lodestock.kernel.db import transaction

from .models import User


class RotatingTokenBackend(TokenBackend):
    """Tries every key of ``JWT_VERIFYING_KEYS``, newest first."""

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        keys: list[Any] = list(settings.JWT_VERIFYING_KEYS) or [self.signing_key]
        for key in keys:
            try:
                return self._decode(token, key, verify=verify)
            except jwt.InvalidSignatureError:
                continue
            except jwt.ExpiredSignatureError as error:
                raise TokenBackendExpiredToken("Token is expired") from error
            except jwt.InvalidTokenError as error:
                raise TokenBackendError("Token is invalid") from error
        raise TokenBackendError("Token is invalid")

    def _decode(self, token: Any, key: Any, *, verify: bool) -> dict[str, Any]:
        found: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[self.algorithm],
            issuer=self.issuer,
            leeway=self.get_leeway(),
            options={"verify_aud": False, "verify_signature": verify},
        )
        return found


def use_rotating_keys() -> None:
    """Give simplejwt our backend; called once, at start."""
    from rest_framework_simplejwt.settings import api_settings

    state.token_backend = RotatingTokenBackend(
        api_settings.ALGORITHM,
        api_settings.SIGNING_KEY,
        issuer=api_settings.ISSUER,
        leeway=api_settings.LEEWAY,
    )


def revoke_all(user_id: int) -> int:
    """Refuse every refresh token of a user from now on; returns how many were open."""
    open_tokens = OutstandingToken.objects.filter(user_id=user_id, blacklistedtoken__isnull=True)
    made = [BlacklistedToken(token=token) for token in open_tokens]
    BlacklistedToken.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def is_revoked(token: Token) -> bool:
    """Whether the token was revoked, or used up by a rotation."""
    return bool(BlacklistedToken.objects.filter(token__jti=token["jti"]).exists())


def rotate(text: Any) -> tuple[str, str]:
    """A new access and refresh token for a refresh token, which is used up by this.

    Of two simultaneous calls with one token the second is refused. Raises ``InvalidToken`` for
    expired, revoked and foreign tokens and for closed accounts.
    """
    try:
        used = RefreshToken(text)
        user = User.objects.active().get(sqid=used.payload["sub"])
    except (TokenError, KeyError, User.DoesNotExist) as error:
        raise InvalidToken(str(error)) from None
    with transaction():
        made: Any = used.blacklist()  # (row, whether it is new)
        if not made[1]:
            raise InvalidToken("Token is revoked")
        fresh = RefreshToken.for_user(user)
    return str(fresh.access_token), str(fresh)
