"""The problems the API can answer with: where ``type`` of an error points to."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.kernel.errors import LodestockError, NotFound

from .views import ApiView

_GENERAL = {
    "not_authenticated": (401, "Sign in first", "No token, key or session came with the request."),
    "authentication_failed": (401, "Sign in first", "What came with the request is not valid."),
    "permission_denied": (403, "This is not permitted", "The CSRF token is missing or wrong."),
    "method_not_allowed": (405, "This method is not possible here", "See the documentation."),
    "not_acceptable": (406, "No such representation", "Only JSON, in versions 1 and 2."),
    "too_large": (413, "Too much was sent", "Send it in parts."),
    "unsupported_media_type": (415, "This media type is not understood", "Send JSON."),
    "parse_error": (400, "The request cannot be understood", "The body is no valid JSON."),
    "throttled": (429, "Too many requests", "Wait as long as Retry-After says."),
    "locked_out": (429, "Too many attempts", "Too many wrong passwords; wait."),
    "internal_error": (500, "Something went wrong on our side", "Nothing was changed."),
}


class ProblemSerializer(serializers.Serializer[Any]):
    """A kind of refusal."""

    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    meaning = serializers.CharField()


def known_problems() -> list[dict[str, Any]]:
    """Every code with its status and meaning, sorted by code."""
    found = {code: _row(code, *row) for code, row in _GENERAL.items()}
    for kind in _subclasses(LodestockError):
        found[kind.code] = _row(kind.code, kind.status, kind.title, inspect.getdoc(kind) or "")
    return [found[code] for code in sorted(found)]


def _row(code: str, status: int, title: str, meaning: str) -> dict[str, Any]:
    return {"code": code, "status": status, "title": title, "meaning": " ".join(meaning.split())}


def _subclasses(kind: type[LodestockError]) -> Iterator[type[LodestockError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


class ProblemsView(ApiView):
    """Every problem code and what it means."""

    permission_classes = (AllowAny,)
    authentication_classes: Any = ()
    throttle_classes: Any = ()

    @extend_schema(
        responses=ProblemSerializer(many=True), tags=["problems"], operation_id="problems_list"
    )
    def get(self, request: Request) -> Response:
        return Response(known_problems())


class ProblemView(ApiView):
    """One problem code; error answers point here with ``type``."""

    permission_classes = (AllowAny,)
    authentication_classes: Any = ()
    throttle_classes: Any = ()

    @extend_schema(responses=ProblemSerializer, tags=["problems"], operation_id="problems_retrieve")
    def get(self, request: Request, code: str) -> Response:
        for row in known_problems():
            if row["code"] == code:
                return Response(row)
        raise NotFound(f"There is no problem code {code[:60]!r}.")
