"""All rooms' routes in one router."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ViewSetMixin

Route = tuple[str, type[ViewSetMixin]]


class Router(SimpleRouter):
    """Addresses without a trailing slash; one resource name, one viewset."""

    def __init__(self) -> None:
        super().__init__(trailing_slash=False)
        self.rooms: dict[str, str] = {}

    def add(self, room: str, routes: Sequence[Route]) -> None:
        """Register a room's routes. Raises ``ValueError`` for a name another room has taken."""
        for prefix, viewset in routes:
            if prefix in self.rooms:
                raise ValueError(f"{prefix}: both {self.rooms[prefix]} and {room} route it")
            self.rooms[prefix] = room
            self.register(prefix, viewset, basename=prefix)


def collect(rooms: Iterable[str]) -> tuple[Router, list[URLPattern | URLResolver]]:
    """One router over ``<room>.api.urls.routes``, and the plain addresses in ``urlpatterns``."""
    router, others = Router(), []
    for room in rooms:
        module = _urls_of(room)
        if module is not None:
            router.add(room, getattr(module, "routes", ()))
            others += list(getattr(module, "urlpatterns", ()))
    return router, others


def _urls_of(room: str) -> Any:
    name = f"lodestock.{room}.api.urls"
    if find_spec(f"lodestock.{room}.api") is None or find_spec(name) is None:
        return None
    return import_module(name)
