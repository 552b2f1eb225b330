"""The API's description and its page, without anything from outside."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.urls import include, path
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from .schema import build_schema
from .throttles import AnonymousThrottle, PrincipalThrottle
from .views import ApiView


@cache
def document() -> dict[str, Any]:
    """Version 1 as OpenAPI 3.1, built once a process."""
    addresses = import_module(settings.API_ADDRESSES).addresses
    return build_schema([path("api/v1/", include((addresses, "api"), namespace="v1"))])


class SchemaView(ApiView):
    """``/api/schema``: OpenAPI 3.1 as YAML, or as JSON when asked by ``Accept``."""

    permission_classes = (AllowAny,)
    throttle_classes: Any = (PrincipalThrottle, AnonymousThrottle)
    renderer_classes: Any = (OpenApiYamlRenderer, OpenApiJsonRenderer)
    versioning_class = None
    schema = None

    def get(self, request: Request) -> Response:
        return Response(document())


class DocumentationView(SpectacularSwaggerSplitView):
    """``/api/docs``: the same to read and try. Its script is a file of ours, never inline."""

    permission_classes = (AllowAny,)
    url_name = "api-schema"
    versioning_class = None
