"""Addresses of this room."""

from __future__ import annotations

from . import views

routes = [("locations", views.LocationViewSet)]
