"""Addresses of this room."""

from .views import ExceptionCaseViewSet

routes = [("exception-cases", ExceptionCaseViewSet)]
