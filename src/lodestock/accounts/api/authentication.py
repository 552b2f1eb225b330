"""Ways to say who one is: token, key, session."""

from __future__ import annotations

from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from lodestock.accounts.models import ApiKey, User
from lodestock.accounts.services.api_keys import find_key, note_use

KEYWORD = "api-key"
HEADER = "X-API-Key"


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Api-Key lsk_…`` or ``X-API-Key: lsk_…``."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        secret = self._secret(request)
        if not secret:
            return None
        key = find_key(secret)
        if key is None:
            raise AuthenticationFailed(
                "This API key is unknown, revoked or expired.", code="invalid_api_key"
            )
        note_use(key)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return "Api-Key"

    def _secret(self, request: Request) -> str:
        words = get_authorization_header(request).decode("latin-1").split()
        if len(words) == 2 and words[0].lower() == KEYWORD:
            return str(words[1])
        return request.headers.get(HEADER, "").strip()


class BrowserSessionAuthentication(SessionAuthentication):
    """The cookie of a signed-in browser; every unsafe request needs the CSRF token."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
