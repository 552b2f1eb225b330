"""What crosses the border of feeds: documents made of rows, and what became of each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from lodestock.feeds.domain.cells.cell import Cell, State

__all__ = [
    "Cell",
    "DocumentKind",
    "FeedDocument",
    "FeedLine",
    "FeedPartner",
    "FeedProduct",
    "RowFate",
    "RowResult",
    "State",
    "day_of",
]


class DocumentKind(StrEnum):
    """The documents a contract can make of rows."""

    PURCHASE_ORDER = "purchase_order"
    SALES_ORDER = "sales_order"
    DIRECT_SHIPMENT = "direct_shipment"
    OUTBOUND_SHIPMENT = "outbound_shipment"
    RETURN = "return"
    ADJUSTMENT = "adjustment"
    OPENING_STOCK = "opening_stock"
    NOTE = "note"


class RowFate(StrEnum):
    """How a row ended. Every row received ends in exactly one of these."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class FeedPartner:
    """A company as the feed names it; ``code`` "WALK-IN" is nobody in particular."""

    code: str
    name: str
    role: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class FeedProduct:
    """An article as the feed names it; services are billed and never move."""

    sku: str
    name: str
    kind: str
    uom: str
    service: bool
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One row's part of one document.

    ``row`` is the row's number in the file, ``key`` names the line for ever (unique within its
    document). ``place`` is where goods lie, in the feed's words. ``values`` are further typed
    cells: dates, weights, sentinels, pointers.
    """

    row: int
    key: str
    product: FeedProduct
    quantity: Decimal
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    reason: str = ""
    place: str = ""
    values: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """Rows that make one document. ``occurred_at`` is aware, or None when the feed does not say."""

    kind: DocumentKind
    source: str
    number: str
    lines: tuple[FeedLine, ...]
    row_class: str = ""
    order_number: str = ""
    partner: FeedPartner | None = None
    occurred_at: datetime | None = None
    values: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowResult:
    """The applier's answer for one row. ``reason`` says why it is held; ``flag`` what it lacks."""

    row: int
    fate: RowFate
    reason: str = ""
    code: str = ""
    flag: str = ""


def day_of(cell: Cell | None) -> date | None:
    """The calendar day of a date cell; None for sentinels, pointers and empty cells."""
    if cell is None or cell.state is not State.VALUE or not isinstance(cell.value, date):
        return None
    return cell.value.date() if isinstance(cell.value, datetime) else cell.value
