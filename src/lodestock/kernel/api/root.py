"""The front page of the API, and the answer to addresses that do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.kernel.errors import NotFound

from .permissions import AUTHENTICATED
from .views import ApiView


class RootView(ApiView):
    """Every resource with its address."""

    permissions: ClassVar[dict[str, str]] = {"get": AUTHENTICATED}
    resources: Sequence[str] = ()

    @extend_schema(
        responses={200: {"type": "object", "additionalProperties": {"type": "string"}}},
        tags=["root"],
        operation_id="root",
    )
    def get(self, request: Request) -> Response:
        base = request.build_absolute_uri(request.path).rstrip("/")
        return Response({name: f"{base}/{name}" for name in self.resources})


class NoSuchAddress(ApiView):
    """404 as a problem. An address with a trailing slash is served as the one without."""

    permission_classes = (AllowAny,)
    authentication_classes: Any = ()
    schema = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if len(request.path_info) > 1 and request.path_info.endswith("/"):
            try:
                match = resolve(request.path_info.rstrip("/"))
            except Resolver404:
                return super().dispatch(request, *args, **kwargs)
            if getattr(match.func, "cls", None) is not NoSuchAddress:
                request.resolver_match = match
                answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
                return answer
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound(f"There is no address {request.path[:200]!r}; /api/v1/ lists what there is.")
