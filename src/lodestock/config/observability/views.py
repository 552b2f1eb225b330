"""The addresses that machines ask: ``/healthz``, ``/readyz``, ``/metrics``."""

from __future__ import annotations

import ipaddress
import secrets

import prometheus_client
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import health, metrics


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked: a broken database is no reason to kill it."""
    return JsonResponse({"ok": True})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when traffic may come, else 503. Details only for those who may see the metrics."""
    findings = health.readiness()
    ok = all(finding.ok for finding in findings)
    inside = is_inside(request)
    checks = {
        finding.name: {"ok": finding.ok}
        | ({"detail": finding.detail, "milliseconds": finding.milliseconds} if inside else {})
        for finding in findings
    }
    return JsonResponse({"ok": ok, "checks": checks}, status=200 if ok else 503)


@require_safe
@never_cache
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Prometheus text; 403 for strangers (see :func:`is_inside`)."""
    if not is_inside(request):
        problem = {
            "type": "about:blank",
            "title": "This is not permitted",
            "status": 403,
            "code": "forbidden",
            "detail": "Metrics are for this machine, for the back office's superusers, and for"
            " whoever sends 'Authorization: Bearer' with LODESTOCK_METRICS_TOKEN.",
        }
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    return HttpResponse(metrics.render(), content_type=prometheus_client.CONTENT_TYPE_LATEST)


def is_inside(request: HttpRequest) -> bool:
    """Whether the request comes from this machine itself, a superuser, or with the token."""
    return _has_token(request) or _is_superuser(request) or _is_local(request)


def _has_token(request: HttpRequest) -> bool:
    token: str = getattr(settings, "METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and secrets.compare_digest(given.encode(), token.encode())


def _is_superuser(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_active and user.is_superuser)


def _is_local(request: HttpRequest) -> bool:
    """A proxy on this machine speaks from the loopback address too, but says for whom."""
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
