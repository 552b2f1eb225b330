"""Addresses for machines that watch the program; short and outside the API's versions."""

from django.urls import path

from .views import healthz, metrics_page, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
]
