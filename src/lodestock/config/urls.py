"""Every address of the program, collected."""

from __future__ import annotations

import importlib.util

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("lodestock.config.observability.urls")),
]

if importlib.util.find_spec("lodestock.config.api"):
    urlpatterns.insert(0, path("api/", include("lodestock.config.api")))
if importlib.util.find_spec("lodestock.shell.urls"):
    urlpatterns.append(path("", include("lodestock.shell.urls")))
