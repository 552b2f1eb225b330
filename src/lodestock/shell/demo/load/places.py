"""Warehouses, and where each article is at home."""

from __future__ import annotations

from decimal import Decimal

from lodestock.locations import services as locations
from lodestock.locations.types import LocationSpec
from lodestock.shell.demo.buildings import DemoPlace, bins, places
from lodestock.shell.demo.catalogue import DemoVariant, variants

_ZONE_OF_CATEGORY = {"frames": "F", "wheels": "F", "care": "C"}


def load_places(sites: dict[str, int]) -> dict[str, int]:
    """Make what is missing; returns the keys of all places by path."""
    keys: dict[str, int] = {}
    for code, site_id in sites.items():
        specs = [_spec(place) for place in places(code)]
        keys |= locations.ensure_locations(site_id=site_id, specs=specs, update=False)
    return keys


def homes(site: str) -> dict[str, str]:
    """The home bin of every stocked article at a site, as path by SKU: several share one."""
    free = {zone: bins(site, zone) for zone in ("P", "F", "C")}
    found: dict[str, str] = {}
    for number, variant in enumerate(one for one in variants() if one.stocked):
        shelves = free[_zone(variant)]
        found[variant.sku] = shelves[number % len(shelves)]
    return found


def _zone(variant: DemoVariant) -> str:
    return _ZONE_OF_CATEGORY.get(variant.product.category, "P")


def _spec(place: DemoPlace) -> LocationSpec:
    return LocationSpec(
        path=place.path,
        kind=place.kind,
        name=place.name,
        type=place.type if place.kind not in {"aisle", "rack"} else None,
        x=None if place.x is None else Decimal(place.x),
        y=None if place.y is None else Decimal(place.y),
        level=place.level,
        temperature_band=place.temperature_band or None,
        pick_sequence=place.pick_sequence,
    )
