"""What crosses purchasing's border: inputs and answers of its verbs.

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
    "Condition",
    "DirectDelivery",
    "DirectLine",
    "LineOutcome",
    "Outcome",
    "PurchaseHistory",
    "PurchaseLineInput",
    "PurchaseOrderInput",
    "ReceiptInput",
    "ReceivedLine",
]


@dataclass(frozen=True, slots=True)
class PurchaseLineInput:
    """One line to be bought. ``external_key`` is its key in the source, unique in its order."""

    variant_id: int
    quantity: Decimal
    uom: str = ""
    unit_price: Decimal = Decimal(0)
    amount: Decimal | None = None
    promised_on: date | None = None
    required_on: date | None = None
    tolerance: Decimal | None = None
    description: str = ""
    external_key: str = ""


@dataclass(frozen=True, slots=True)
class PurchaseOrderInput:
    """An order to a supplier, received at ``site_id``.

    ``ordered_at`` defaults to now (in a history: to unknown). ``source`` + ``external_id`` identify
    a document that came from outside; ``number`` then keeps its own number (default: the next of
    our series).
    """

    supplier_id: int
    site_id: int
    lines: tuple[PurchaseLineInput, ...]
    currency: str = ""
    ordered_at: datetime | None = None
    terms_days: int | None = None
    incoterm: str = ""
    number: str = ""
    note: str = ""
    source: str = ""
    external_id: str = ""


class Condition(StrEnum):
    """How counted goods arrived; damaged goods are put aside with that stock status."""

    GOOD = "good"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """Counted goods of one order line, named by ``line_id`` or by its ``line_key``.

    A lot-tracked variant needs ``lot_no``, a serial-tracked one ``serials`` (one for each unit).
    """

    quantity: Decimal
    line_id: int | None = None
    line_key: str = ""
    uom: str = ""
    lot_no: str = ""
    expires_on: date | None = None
    serials: tuple[str, ...] = ()
    condition: Condition = Condition.GOOD
    external_key: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptInput:
    """A delivery counted at ``location_id`` (the goods come from the supplier's virtual place).

    The order is named by ``order_id``, or by its ``source`` + ``order_external_id``. ``source`` +
    ``external_id`` make the receipt itself known: the same one a second time changes nothing.
    """

    location_id: int
    lines: tuple[ReceivedLine, ...]
    order_id: int | None = None
    order_external_id: str = ""
    occurred_at: datetime | None = None
    delivery_note: str = ""
    source: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class DirectLine:
    """What of one order line (``line_key``) went straight to the customer, with freight facts."""

    line_key: str
    quantity: Decimal | None = None
    weight: Stated = NOT_STATED
    freight: Stated = NOT_STATED
    insurance: Stated = NOT_STATED


@dataclass(frozen=True, slots=True)
class DirectDelivery:
    """A shipment from the supplier to ``customer_id`` that never touches our stock.

    ``departed_at`` defaults to ``delivered_at``; without ``delivered_at`` it is still on its way
    and the lines stay open. ``quantity`` of a line defaults to what was ordered.
    """

    customer_id: int
    lines: tuple[DirectLine, ...]
    external_id: str = ""
    departed_at: datetime | None = None
    delivered_at: datetime | None = None
    scheduled_on: date | None = None
    carrier_id: int | None = None
    mode: Mode = Mode.UNSTATED
    service: str = ""
    tracking_no: str = ""


@dataclass(frozen=True, slots=True)
class PurchaseHistory:
    """A document of the past: the order and everything that is known to have arrived on it.

    It is brought to ``acknowledged`` (sent at ``sent_at``, which may be unknown) and then its
    receipts and direct deliveries are applied. Lines known before are compared, not repeated.
    """

    order: PurchaseOrderInput
    sent_at: datetime | None = None
    receipts: tuple[ReceiptInput, ...] = ()
    deliveries: tuple[DirectDelivery, ...] = ()
