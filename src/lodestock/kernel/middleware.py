"""What a request brings along: the chain of work it belongs to, and the user of its session."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponseBase

from .context import acting

CORRELATION_HEADER = "X-Correlation-ID"
_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$")


class SessionActorMiddleware:
    """The user of a session is the actor, so that the back office signs what it changes.

    API views replace the actor once they know who asks (a token or key may come instead).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting(actor_id=_session_user(request)):
            return self.get_response(request)


def correlation_of(request: HttpRequest) -> UUID:
    """The id the caller sent in ``X-Correlation-ID`` (a UUID) or as the trace id of
    ``traceparent``; else a new one.
    """
    given = request.headers.get(CORRELATION_HEADER, "")
    trace = _TRACEPARENT.match(request.headers.get("traceparent", ""))
    for text in (given, trace.group(1) if trace else ""):
        try:
            found = UUID(text)
        except ValueError:
            continue
        if found.int:
            return found
    return uuid4()


def _session_user(request: Any) -> int | None:
    """The signed-in user of the session, without loading the row."""
    session = getattr(request, "session", None)
    key = session.get("_auth_user_id") if session is not None and session.session_key else None
    return int(key) if key and str(key).isdigit() else None
