"""What the locations room can tell."""

from .places import (
    ancestors,
    location_by_code,
    location_by_gln,
    location_by_path,
    location_facts,
    locations_by_path,
    stock_locations,
    subtree,
    subtree_of,
    virtual_location,
)
from .scope import limit_to_warehouses, places_within, refuse_elsewhere, visible_places

__all__ = [
    "ancestors",
    "limit_to_warehouses",
    "location_by_code",
    "location_by_gln",
    "location_by_path",
    "location_facts",
    "locations_by_path",
    "places_within",
    "refuse_elsewhere",
    "stock_locations",
    "subtree",
    "subtree_of",
    "virtual_location",
    "visible_places",
]
