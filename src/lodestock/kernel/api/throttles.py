"""How often a principal may ask."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from .permissions import principal_of


class PrincipalThrottle(SimpleRateThrottle):
    """Each user and each API key has its own allowance; anonymous callers share their address's."""

    scope = "user"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        principal = principal_of(request)
        if principal is None:
            return None
        return self.cache_format % {"scope": self.scope, "ident": principal.key}


class AnonymousThrottle(SimpleRateThrottle):
    """For callers that have not signed in."""

    scope = "anon"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if principal_of(request) is not None:
            return None
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class LoginThrottle(SimpleRateThrottle):
    """Attempts to sign in, by address; axes counts by account besides."""

    scope = "login"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
