"""What crosses the border of this room: frozen facts instead of rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class UomFacts:
    """A unit: one of it is ``factor`` base units of ``dimension``; ``None`` for packs."""

    id: int
    code: str
    dimension: str
    factor: Decimal | None
    decimal_places: int


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A site: its clock and its currency (ISO code)."""

    id: int
    code: str
    time_zone: str
    currency: str
    allow_negative_stock: bool
