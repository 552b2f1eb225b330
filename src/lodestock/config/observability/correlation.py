"""One correlation id from the first request to the last job.

A client may send ``X-Correlation-ID`` (a UUID) or ``traceparent``; otherwise a new one is made. It
stands in every log line, in the events the request records, in the jobs it asks for and what those
cause, in the history, and in the answer's header.
"""

from __future__ import annotations

import time
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from lodestock.kernel.context import acting, current
from lodestock.kernel.middleware import CORRELATION_HEADER as HEADER
from lodestock.kernel.middleware import correlation_of

#: Asked every few seconds by machines; their lines would drown the others.
QUIET_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger("lodestock.request")


class CorrelationMiddleware:
    """Opens the context of a request and writes one line when it is answered."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chain = correlation_of(request)
        bound = structlog.contextvars.bound_contextvars(correlation_id=str(chain))
        with acting(correlation_id=chain, causation_id=None, actor_id=None, reason=""), bound:
            began = time.perf_counter()
            response = self.get_response(request)
            _write_line(request, response, time.perf_counter() - began)
        response[HEADER] = str(chain)
        return response


def add_correlation(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """structlog processor: every line carries the correlation id of the context it came from."""
    if "correlation_id" not in event:
        event["correlation_id"] = str(current().correlation_id)
    return event


def _write_line(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    if request.path in QUIET_PATHS:
        return
    match = request.resolver_match
    write = log.error if response.status_code >= 500 else log.info
    write(
        "request.answered",
        method=request.method,
        # The pattern, not the address: addresses would be as many labels as there are rows.
        route=f"/{match.route}" if match else "unknown",
        path=request.path[:300],
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        user_id=getattr(getattr(request, "user", None), "pk", None),
    )
