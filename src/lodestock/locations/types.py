"""What crosses the border of the locations room."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class LocationKind(StrEnum):
    """What a place is. Warehouse, zone, aisle, rack, bin are the five of the default template."""

    SITE = "site"
    WAREHOUSE = "warehouse"
    ZONE = "zone"
    AISLE = "aisle"
    RACK = "rack"
    BIN = "bin"
    DOCK = "dock"
    STAGE = "stage"
    VIRTUAL = "virtual"


class VirtualKind(StrEnum):
    """What lies on the other side of a movement when it is no place one can walk to."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    TRANSIT = "transit"
    OPENING = "opening"
    SCRAP = "scrap"
    COUNT = "count"
    PRODUCTION = "production"
    ADJUST = "adjust"


class LocationType(StrEnum):
    """What the place is for, in the words of the shop floor."""

    STORAGE = "STORAGE"
    DEPT = "DEPT"
    DISPATCH = "DISPATCH"


#: Kinds that only give structure; stock lies on what is below them.
STRUCTURE_KINDS = frozenset({LocationKind.SITE, LocationKind.AISLE})


@dataclass(frozen=True, slots=True)
class LocationFacts:
    """What other rooms need to know of a location."""

    id: int
    path: str
    code: str
    kind: str
    virtual_kind: str
    site_id: int | None
    status: str
    holds_stock: bool
    active: bool


@dataclass(frozen=True, slots=True)
class LocationSpec:
    """A location as an import knows it; ``None`` means "not stated, leave as it is".

    ``path`` names it and its parents (``WH1/Z2/A03``); missing parents are an error.
    """

    path: str
    kind: str
    name: str | None = None
    type: str | None = None
    holds_stock: bool | None = None
    x: Decimal | None = None
    y: Decimal | None = None
    level: int | None = None
    max_weight_kg: Decimal | None = None
    max_volume_m3: Decimal | None = None
    temperature_band: str | None = None
    mixed_item: bool | None = None
    mixed_lot: bool | None = None
    pick_sequence: int | None = None
    gln: str | None = None
