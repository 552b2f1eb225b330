"""What crosses shipping's border: inputs of its verbs, answers, closed lists of words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    """Which way the goods go, seen from our own sites."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    TRANSFER = "transfer"
    RETURN = "return"


class ShipmentStatus(StrEnum):
    """Outbound, transfer and return goods begin *planned*, inbound ones *announced*."""

    PLANNED = "planned"
    PACKING = "packing"
    READY = "ready"
    BOOKED = "booked"
    DEPARTED = "departed"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    CLOSED = "closed"
    FAILED = "failed"
    RETURNED = "returned"
    REDELIVERY = "redelivery"
    CANCELLED = "cancelled"
    ANNOUNCED = "announced"
    ARRIVED = "arrived"
    RECEIVING = "receiving"
    RECEIVED = "received"


class Mode(StrEnum):
    """How the goods travel; ``UNSTATED`` when nobody said."""

    AIR = "air"
    AIR_CHARTER = "air_charter"
    OCEAN = "ocean"
    TRUCK = "truck"
    RAIL = "rail"
    COURIER = "courier"
    UNSTATED = "unstated"


class Meaning(StrEnum):
    """Why a figure is there, or why it is not. A missing figure is never zero."""

    STATED = "stated"
    NOT_STATED = "not_stated"
    CAPTURED_SEPARATELY = "captured_separately"
    INCLUDED = "included"
    INVOICED_SEPARATELY = "invoiced_separately"
    SEE_OTHER_LINE = "see_other_line"


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure as its source states it.

    ``value`` is given exactly when ``meaning`` is ``STATED``; ``see_key`` (the external key of
    another shipment line of the same source) exactly when it is ``SEE_OTHER_LINE``.
    """

    value: Decimal | None = None
    meaning: Meaning = Meaning.NOT_STATED
    see_key: str = ""

    @classmethod
    def of(cls, value: Decimal | None) -> Stated:
        """A plain figure, or nothing."""
        return cls() if value is None else cls(value, Meaning.STATED)


NOT_STATED = Stated()


@dataclass(frozen=True, slots=True)
class ProofOfDelivery:
    """Who took the goods, when, and the sha256 of the signed paper or photograph."""

    received_by: str = ""
    received_at: datetime | None = None
    file_sha256: str = ""


@dataclass(frozen=True, slots=True)
class ShipmentLineInput:
    """One kind of goods on a shipment; ``quantity`` in the variant's base unit.

    ``cause_line`` is the caller's own line reference, opaque here. ``weight`` in kilograms,
    ``freight`` and ``insurance`` in the shipment's currency.
    """

    variant_id: int
    quantity: Decimal
    lot_id: int | None = None
    cause_line: str = ""
    external_key: str = ""
    weight: Stated = NOT_STATED
    freight: Stated = NOT_STATED
    insurance: Stated = NOT_STATED


@dataclass(frozen=True, slots=True)
class ShipmentInput:
    """A shipment to be planned. ``cause_type``/``cause_id`` say why, in the caller's words.

    With ``source`` and ``external_id`` the document is known outside: planning it again adds the
    lines it does not have yet. ``direct`` goods go from a supplier to a customer and never touch
    our own stock. Times are aware; ``scheduled_on`` is the promised day of arrival. A shipment of
    the past says when it departed and was delivered, and passes every state on the way there; a
    departure nobody noted stays unknown.
    """

    direction: Direction
    lines: tuple[ShipmentLineInput, ...]
    cause_type: str = ""
    cause_id: str = ""
    direct: bool = False
    carrier_id: int | None = None
    service: str = ""
    mode: Mode = Mode.UNSTATED
    tracking_no: str = ""
    origin_partner_id: int | None = None
    destination_partner_id: int | None = None
    origin_location_id: int | None = None
    destination_location_id: int | None = None
    scheduled_on: date | None = None
    planned_at: datetime | None = None
    departed_at: datetime | None = None
    delivered_at: datetime | None = None
    proof: ProofOfDelivery | None = None
    weight: Stated = NOT_STATED
    freight: Stated = NOT_STATED
    currency: str | None = None
    source: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class PlannedShipment:
    """A shipment that was planned or added to. Lines are named by external key, or cause line.

    ``added`` are the lines that are new; ``before`` is the status it had, ``None`` if it is new.
    """

    id: int
    number: str
    status: str
    before: str | None
    line_ids: dict[str, int]
    added: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """One verb of the shipment's machine, and what is known about it."""

    shipment_id: int
    verb: str
    occurred_at: datetime | None = None
    place: str = ""
    reason: str = ""
    proof: ProofOfDelivery | None = None


@dataclass(frozen=True, slots=True)
class Pointers:
    """How many weights and freights point to another line, and how many of them were found."""

    found: int
    resolved: int
