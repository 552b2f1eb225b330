"""Every list of the API, read off the one router, with the factories of all rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from lodestock.config.api import router
from lodestock.config.settings.parts.apps import ROOMS
from lodestock.kernel.models import Record


@dataclass(frozen=True)
class Resource:
    """One entry of the router."""

    name: str
    viewset: Any

    @property
    def path(self) -> str:
        return f"/api/v1/{self.name}"

    @property
    def model(self) -> Any:
        return self.viewset.model

    @property
    def is_record(self) -> bool:
        return issubclass(self.model, Record)

    def has(self, action: str) -> bool:
        return hasattr(self.viewset, action)

    def make(self, count: int) -> None:
        """Make that many more rows. A resource without a factory fails, by name."""
        assert self.name in FACTORIES, f"no room's tests/factories.py has ROWS[{self.name!r}]"
        FACTORIES[self.name](count)

    def newest(self) -> str:
        """The public id of the row made last."""
        found: str = self.model._default_manager.order_by("-pk").first().sqid
        return found

    def __str__(self) -> str:
        return self.name


def _factories(name_of_table: str = "ROWS") -> dict[str, Callable[[int], None]]:
    found: dict[str, Callable[[int], None]] = {}
    for room in ROOMS:
        name = f"lodestock.{room}.tests.factories"
        if find_spec(f"lodestock.{room}.tests") and find_spec(name):
            found |= getattr(import_module(name), name_of_table, {})
    return found


FACTORIES = _factories()
#: Records that are no list of the API, by model label.
MODEL_FACTORIES = _factories("MODELS")
RESOURCES = [Resource(name, viewset) for name, viewset, _ in router.registry]
LISTS = [resource for resource in RESOURCES if resource.has("list")]
RECORDS = [resource for resource in LISTS if resource.is_record]


def actions() -> Iterator[tuple[Resource, str, str, str]]:
    """Every (resource, action, method, path) that the router leads to."""
    for resource in RESOURCES:
        for route in router.get_routes(resource.viewset):
            for method, action in route.mapping.items():
                if resource.has(action) and method in resource.viewset.http_method_names:
                    yield resource, action, method, _address(resource, route.url)


def _address(resource: Resource, pattern: str) -> str:
    return "/api/v1/" + pattern.strip("^$").format(
        prefix=resource.name, lookup="{sqid}", trailing_slash=""
    )
