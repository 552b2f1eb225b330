"""What somebody who tried too many passwords is told."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse, JsonResponse

from lodestock.kernel.context import current

DETAIL = "Too many wrong passwords for this account from this address; wait a while and try again."


def answer(
    request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """429 with the seconds to wait: a problem for the API, a sentence for the back office."""
    cool_off = get_cool_off(request)
    seconds = str(int(cool_off.total_seconds())) if cool_off else "900"
    headers = {"Retry-After": seconds}
    if not request.path.startswith("/api/"):
        return HttpResponse(DETAIL, status=429, content_type="text/plain", headers=headers)
    body = {
        "type": "/api/v1/problems/locked_out",
        "title": "Too many attempts",
        "status": 429,
        "code": "locked_out",
        "detail": DETAIL,
        "retry_after": int(seconds),
        "correlation_id": str(current().correlation_id),
    }
    return JsonResponse(body, status=429, content_type="application/problem+json", headers=headers)
