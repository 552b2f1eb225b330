"""What crosses sales' border: inputs and answers of its verbs.

All quantities of inputs are in the line's own unit (``uom``, a unit code; empty: the variant's
base unit). ``amount`` is the line's own value where the source states one; otherwise it is
quantity times price, rounded once. Every bulk verb takes a sequence of these and a single
document is a bulk of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from lodestock.kernel.outcomes import BulkResult, LineOutcome, Outcome
from lodestock.shipping.types import NOT_STATED, Mode, Stated

__all__ = [
    "BulkResult",
    "Despatch",
    "DespatchLine",
    "LineKind",
    "LineOutcome",
    "Outcome",
    "ReturnInput",
    "ReturnLineInput",
    "SalesHistory",
    "SalesLineInput",
    "SalesOrderInput",
    "StockStatus",
]


class LineKind(StrEnum):
    """Goods move stock; services (postage) and financial lines (bad debt) never do."""

    GOODS = "goods"
    SERVICE = "service"
    FINANCIAL = "financial"


@dataclass(frozen=True, slots=True)
class SalesLineInput:
    """One line sold. Services and financial lines may have no variant and name ``sku`` instead.

    ``unit_price`` may be negative on financial lines only. ``external_key`` is the line's key in
    the source, unique in its order (repeated identical lines need different keys).
    """

    quantity: Decimal
    variant_id: int | None = None
    kind: LineKind = LineKind.GOODS
    sku: str = ""
    uom: str = ""
    unit_price: Decimal = Decimal(0)
    amount: Decimal | None = None
    required_on: date | None = None
    promised_on: date | None = None
    description: str = ""
    external_key: str = ""


@dataclass(frozen=True, slots=True)
class SalesOrderInput:
    """An order of a customer (``None``: walk-in), served from ``location_id`` and all below it.

    ``ordered_at`` defaults to now (in a history: to unknown). ``source`` + ``external_id`` identify
    a document that came from outside; ``number`` then keeps its own number (default: the next of
    our series).
    """

    site_id: int
    location_id: int
    lines: tuple[SalesLineInput, ...]
    customer_id: int | None = None
    currency: str = ""
    ordered_at: datetime | None = None
    required_on: date | None = None
    number: str = ""
    note: str = ""
    source: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class DespatchLine:
    """What of one order line goes out, named by ``line_id`` or ``line_key``.

    ``quantity`` is in base units; by default everything that is still open.
    """

    line_id: int | None = None
    line_key: str = ""
    quantity: Decimal | None = None
    weight: Stated = NOT_STATED
    freight: Stated = NOT_STATED
    insurance: Stated = NOT_STATED


@dataclass(frozen=True, slots=True)
class Despatch:
    """One shipment to the customer; without ``lines``, everything that is open and in stock.

    With ``delivered_at`` the delivery is confirmed as well. ``external_id`` is the shipment's own
    document number in the order's source: a second part of it joins the same shipment.
    """

    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    lines: tuple[DespatchLine, ...] = ()
    scheduled_on: date | None = None
    carrier_id: int | None = None
    mode: Mode = Mode.UNSTATED
    service: str = ""
    tracking_no: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class SalesHistory:
    """A document of the past: the order and everything that is known to have left on it.

    It is created, reserved and shipped. Lines known before are compared, not repeated.
    """

    order: SalesOrderInput
    despatches: tuple[Despatch, ...] = ()


class StockStatus(StrEnum):
    """Where returned goods go: back for sale, or aside until somebody has looked at them."""

    AVAILABLE = "available"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class ReturnLineInput:
    """Goods (or a service's price) given back. ``quantity`` is positive.

    Name the sale by ``sales_line_id``; otherwise the latest earlier sale of this variant to this
    customer with enough left to return is found, the same price preferred. A serial-tracked variant
    needs ``serials`` (one for each unit); its sale is the one these went out on.
    """

    quantity: Decimal
    variant_id: int | None = None
    kind: LineKind = LineKind.GOODS
    sku: str = ""
    uom: str = ""
    unit_price: Decimal = Decimal(0)
    amount: Decimal | None = None
    sales_line_id: int | None = None
    serials: tuple[str, ...] = ()
    lot_no: str = ""
    description: str = ""
    external_key: str = ""


@dataclass(frozen=True, slots=True)
class ReturnInput:
    """A return of one customer, taken back into ``location_id``.

    Lines without a found sale are accepted and flagged. ``reason`` is a code of the return family.
    """

    site_id: int
    location_id: int
    lines: tuple[ReturnLineInput, ...]
    customer_id: int | None = None
    currency: str = ""
    occurred_at: datetime | None = None
    status: StockStatus = StockStatus.AVAILABLE
    reason: str = ""
    number: str = ""
    source: str = ""
    external_id: str = ""
