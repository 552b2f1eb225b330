"""What is going to happen, in the company's own words: codes and keys, no database ids.

Days are calendar days of the site. Quantities are whole base units. Every document has a key of its
own, so that loading the same plan again finds what is already there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class PlannedLine:
    """One line of an order; ``key`` is unique in it."""

    key: str
    sku: str
    quantity: int
    price: Decimal


@dataclass(frozen=True)
class DeliveredLine:
    """Counted goods of one purchase line."""

    line_key: str
    sku: str
    quantity: int
    damaged: bool = False
    lot_no: str = ""
    expires_on: date | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannedDelivery:
    """A lorry at the goods-in dock with goods of one purchase order."""

    key: str
    order_key: str
    site: str
    day: date
    lines: tuple[DeliveredLine, ...]


@dataclass(frozen=True)
class PlannedPurchase:
    """An order to a supplier."""

    key: str
    supplier: str
    site: str
    ordered_on: date
    promised_on: date
    lines: tuple[PlannedLine, ...]


@dataclass(frozen=True)
class PlannedDespatch:
    """A shipment; ``lines`` are line keys and quantities. On its way while no ``delivered_on``."""

    key: str
    day: date
    delivered_on: date | None
    carrier: str
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class PlannedSale:
    """A customer's order, and what left on it in the week it is listed under."""

    key: str
    customer: str
    site: str
    ordered_on: date
    lines: tuple[PlannedLine, ...]
    despatches: tuple[PlannedDespatch, ...] = ()


@dataclass(frozen=True)
class PlannedReturn:
    """Goods that come back. ``good``: they can be sold again."""

    key: str
    customer: str
    site: str
    day: date
    sku: str
    quantity: int
    price: Decimal
    reason: str
    good: bool


@dataclass(frozen=True)
class PlannedTransfer:
    """A lorry between the sites; ``lines`` are SKU and quantity."""

    key: str
    origin: str
    destination: str
    leaves_on: date
    arrives_on: date
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class PlannedKitting:
    """Kits put together at the bench."""

    key: str
    site: str
    day: date
    sku: str
    quantity: int


@dataclass(frozen=True)
class PlannedCount:
    """A bin whose count differed by ``delta``."""

    key: str
    site: str
    day: date
    sku: str
    delta: int


@dataclass
class Week:
    """One week, in the order in which it is lived: Monday goods in, Friday returns and counts."""

    monday: date
    arrivals: list[PlannedTransfer] = field(default_factory=list)
    deliveries: list[PlannedDelivery] = field(default_factory=list)
    kittings: list[PlannedKitting] = field(default_factory=list)
    sales: list[PlannedSale] = field(default_factory=list)
    returns: list[PlannedReturn] = field(default_factory=list)
    counts: list[PlannedCount] = field(default_factory=list)
    departures: list[PlannedTransfer] = field(default_factory=list)
    purchases: list[PlannedPurchase] = field(default_factory=list)


@dataclass(frozen=True)
class Year:
    """Everything that happens, and what waits to be done on the day the demo opens."""

    seed: int
    opened_on: date
    weeks: tuple[Week, ...]
    opening: tuple[PlannedPurchase, ...]
    open_sales: tuple[PlannedSale, ...]
    open_purchases: tuple[PlannedPurchase, ...]
