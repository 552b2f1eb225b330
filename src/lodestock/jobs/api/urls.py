"""Addresses of this room."""

from .views import JobViewSet

routes = [("jobs", JobViewSet)]
