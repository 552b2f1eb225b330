"""Every address of the public API, out of one router over all rooms.

``/api/v1/…`` and ``/api/v2/…`` say the version in the address; ``/api/…`` takes it from the header
``Accept: application/json; version=1``. Version 2 is a preview: the same resources, where a
viewset declares a difference.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from lodestock.config.settings.parts.apps import ROOMS
from lodestock.config.wiring import wire
from lodestock.kernel.api.documentation import DocumentationView, SchemaView
from lodestock.kernel.api.problem_list import ProblemsView, ProblemView
from lodestock.kernel.api.root import NoSuchAddress, RootView
from lodestock.kernel.api.routing import collect

wire()
router, others = collect(ROOMS)

addresses: list[URLPattern | URLResolver] = [
    path("", RootView.as_view(resources=sorted(router.rooms)), name="root"),
    path("problems", ProblemsView.as_view(), name="problems"),
    path("problems/<slug:code>", ProblemView.as_view(), name="problem"),
    *others,
    *router.urls,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema", SchemaView.as_view(), name="api-schema"),
    path("docs", DocumentationView.as_view(), name="api-docs"),
    path("v1/", include((addresses, "api"), namespace="v1")),
    path("v2/", include((addresses, "api"), namespace="v2")),
    path("", include((addresses, "api"), namespace="unversioned")),
    re_path(r"^.*$", NoSuchAddress.as_view()),
]
