"""What crosses the border of the catalogue: closed lists and frozen facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


class ProductKind(StrEnum):
    """What sort of thing a product is; a service is ordered and paid but never stocked."""

    PART = "part"
    PRODUCT = "product"
    COMMODITY = "commodity"
    SERVICE = "service"
    PACKAGING = "packaging"
    CONSUMABLE = "consumable"


class Tracking(StrEnum):
    """How finely stock is told apart: not at all, by lot, by serial number, by handling unit."""

    NONE = "none"
    LOT = "lot"
    SERIAL = "serial"
    UNIT = "unit"


class TemperatureBand(StrEnum):
    """Where goods may be kept; locations offer one, variants ask for one."""

    AMBIENT = "ambient"
    COOL = "cool"
    CHILLED = "chilled"
    FROZEN = "frozen"
    DEEP_FROZEN = "deep_frozen"


class AbcClass(StrEnum):
    """Share of turnover: A the few that matter most, C the many that matter least."""

    A = "A"
    B = "B"
    C = "C"


#: Hazard classes of the UN model regulations (ADR, IMDG, IATA use the same numbers).
HAZARD_CLASSES = (
    *("1", "2.1", "2.2", "2.3", "3", "4.1", "4.2", "4.3"),
    *("5.1", "5.2", "6.1", "6.2", "7", "8", "9"),
)


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """What other rooms need to know of a variant. ``base_uom`` is a unit code."""

    id: int
    sku: str
    name: str
    product_id: int
    kind: str
    tracking: str
    base_uom: str
    shelf_life_days: int | None
    gtin: str | None
    active: bool

    @property
    def stocked(self) -> bool:
        """Services are never stocked and never move."""
        return self.kind != ProductKind.SERVICE


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One axis of a product: ``OptionSpec("colour", ("red", "blue"))``."""

    name: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class VariantSpec:
    """A variant as an import knows it; ``None`` means "not stated, leave as it is".

    Without ``product_code`` the product gets the SKU as its code. ``options`` names the combination
    of a product that has options. ``factors`` maps unit codes to base units per unit
    (``{"case": 12}``).
    """

    sku: str
    name: str | None = None
    product_code: str | None = None
    product_name: str | None = None
    kind: str | None = None
    base_uom: str | None = None
    category_code: str | None = None
    gtin: str | None = None
    tracking: str | None = None
    shelf_life_days: int | None = None
    standard_cost: Decimal | None = None
    currency: str | None = None
    weight_kg: Decimal | None = None
    attributes: Mapping[str, Any] | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, Any] = field(default_factory=dict)
