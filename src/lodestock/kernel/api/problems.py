"""One error shape: RFC 9457 ``application/problem+json``, for whatever went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from django.core import exceptions as django_errors
from django.core.signals import got_request_exception
from django.db import DatabaseError
from django.http import Http404
from rest_framework import exceptions as drf_errors
from rest_framework.response import Response

from lodestock.kernel import context as kernel_context
from lodestock.kernel.errors import LodestockError

from .database_errors import explain_database_error

CONTENT_TYPE = "application/problem+json"
PROBLEMS_PATH = "/api/v1/problems/"
PARAMETERS_KEPT_APART = frozenset({"type", "title", "status", "code", "detail", "field", "errors"})

log = structlog.get_logger(__name__)

_TITLES = {
    400: "The request cannot be understood",
    401: "Sign in first",
    403: "This is not permitted",
    404: "There is no such resource",
    405: "This method is not possible here",
    406: "No such representation",
    409: "The present state does not allow this",
    413: "Too much was sent",
    415: "This media type is not understood",
    422: "The request contradicts an earlier one",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "Temporarily unavailable",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    title: str = "",
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """An answer in the one error shape. ``members`` are added when they are not empty."""
    body = {
        "type": f"{PROBLEMS_PATH}{code}",
        "title": title or _TITLES.get(status, _TITLES[400]),
        "status": status,
        "code": code,
        "detail": detail,
        **{name: value for name, value in members.items() if value not in (None, "", [], {})},
        "correlation_id": str(kernel_context.current().correlation_id),
    }
    return Response(body, status=status, content_type=CONTENT_TYPE, headers=dict(headers or {}))


def problem_handler(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: never an HTML page, never SQL, never a stack trace."""
    if isinstance(error, Http404):
        error = drf_errors.NotFound()
    elif isinstance(error, django_errors.PermissionDenied):
        error = drf_errors.PermissionDenied()
    if isinstance(error, LodestockError):
        return _from_refusal(error)
    if isinstance(error, drf_errors.APIException):
        return _from_framework(error)
    if isinstance(error, django_errors.ValidationError):
        return _from_validation(_as_dict(error))
    return _from_outside(error, context)


def _from_outside(error: Exception, context: dict[str, Any]) -> Response:
    if isinstance(error, django_errors.RequestDataTooBig | django_errors.TooManyFieldsSent):
        return problem(413, "too_large", "The body is larger than this address accepts.")
    if isinstance(error, django_errors.BadRequest | django_errors.SuspiciousOperation):
        return problem(400, "bad_request", "The request is malformed.")
    if isinstance(error, DatabaseError):
        explained = explain_database_error(error)
        if explained is not None:
            return _from_refusal(explained)
    return _unexpected(error, context)


def _from_refusal(error: LodestockError) -> Response:
    params = {k: v for k, v in error.params.items() if k not in PARAMETERS_KEPT_APART}
    retry_after = params.get("retry_after")
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return problem(
        error.status,
        error.code,
        error.detail,
        title=error.title,
        headers=headers,
        field=error.field,
        **params,
    )


def _from_framework(error: drf_errors.APIException) -> Response:
    if isinstance(error, drf_errors.ValidationError):
        return _from_validation(error.detail)
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = f"{max(1, round(wait))}"
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    detail = error.detail if isinstance(error.detail, str) else _first_text(error.detail)
    return problem(error.status_code, code, str(detail), headers=headers)


def _from_validation(detail: Any) -> Response:
    """Every message with the place it belongs to: ``lines[2].quantity``."""
    errors = list(flatten(detail))
    first = errors[0] if errors else {"field": "", "detail": "The input is not valid."}
    place = f"{first['field']}: " if first["field"] else ""
    more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
    return problem(
        400,
        "invalid_input",
        f"{place}{first['detail']}{more}",
        title="The input is not valid",
        field=first["field"],
        errors=errors,
    )


def flatten(detail: Any, path: str = "") -> Any:
    """Nested messages as ``{"field", "code", "detail"}`` objects."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from flatten(inner, path if name == "non_field_errors" else _join(path, name))
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from flatten(inner, f"{path}[{index}]" if nested else path)
    else:
        yield {"field": path, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def _join(path: str, name: Any) -> str:
    if isinstance(name, int):  # DRF names the bad entries of a list by their place
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else str(name)


def _first_text(detail: Any) -> str:
    for found in flatten(detail):
        return str(found["detail"])
    return "The request could not be carried out."


def _as_dict(error: django_errors.ValidationError) -> Any:
    if hasattr(error, "error_dict"):
        return error.message_dict
    return {"non_field_errors": error.messages}


def _unexpected(error: Exception, context: dict[str, Any]) -> Response:
    """Ours to mend: logged whole, told to error reporting, shown as a number to ask about."""
    log.exception("unexpected_error", exc_info=error)
    request = context.get("request")
    got_request_exception.send(sender=type(context.get("view")), request=request)
    return problem(
        500,
        "internal_error",
        "Nothing was changed. Please report the correlation id to whoever runs this system.",
    )
