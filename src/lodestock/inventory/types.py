"""What crosses the border of the inventory room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .states import PostingKind, StockStatus, UnitKind

__all__ = [
    "Balance",
    "MovementLine",
    "Place",
    "PostingKind",
    "PostingReceipt",
    "PostingRequest",
    "ReservationConsumption",
    "ReservationRequest",
    "ReservationResult",
    "ReservedLine",
    "StockStatus",
    "UnitKind",
]


@dataclass(frozen=True, slots=True)
class Place:
    """One side of a movement. ``hu_id`` 0: loose; ``owner_id`` 0: our own goods."""

    location_id: int
    hu_id: int = 0
    status: str = "available"
    owner_id: int = 0


@dataclass(frozen=True, slots=True)
class MovementLine:
    """A quantity of one variant and lot, from one side to another.

    ``quantity`` is in the variant's base unit, greater than zero, at most six decimals.
    ``unit_cost`` is a fact noted with the goods, per base unit, and needs its ``currency``.
    ``reason_code`` is required for adjustments.
    """

    variant_id: int
    quantity: Decimal
    source: Place
    destination: Place
    lot_id: int = 0
    unit_cost: Decimal | None = None
    currency: str | None = None
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class ReservationConsumption:
    """Takes ``quantity`` off reservation line ``line_id`` in the posting that moves the goods.

    Without ``carry_to`` the promise is kept and ends. With it, the promise goes along to that
    place (a pick to the packing table): the quantity stays held there.
    """

    line_id: int
    quantity: Decimal
    carry_to: Place | None = None


@dataclass(frozen=True, slots=True)
class PostingRequest:
    """One command to the ledger: why, for what, and its lines.

    ``(reference_type, reference_id, step)`` is unique for ever: the same again with the same
    lines is answered with the first receipt. ``occurred_at`` is now unless given.
    """

    kind: str
    reference_type: str
    reference_id: str
    lines: Sequence[MovementLine]
    step: str = ""
    reason: str = ""
    occurred_at: datetime | None = None
    consumes: Sequence[ReservationConsumption] = ()


@dataclass(frozen=True, slots=True)
class PostingReceipt:
    """What the ledger answered. ``replayed``: it was there before, nothing was written."""

    posting_id: int
    movement_ids: list[int]
    replayed: bool
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ReservationRequest:
    """Please hold ``quantity`` of a variant somewhere in ``location_ids``.

    Asking again with the same reference and ``line_key`` fills up what is still short, and never
    holds twice. ``lot_id`` asks for one lot; without it the lot that expires first is taken.
    ``partial``: hold what there is; otherwise all or nothing.
    """

    reference_type: str
    reference_id: str
    line_key: str
    variant_id: int
    quantity: Decimal
    location_ids: Sequence[int]
    lot_id: int | None = None
    partial: bool = False
    expires_at: datetime | None = None
    owner_id: int = 0


@dataclass(frozen=True, slots=True)
class ReservedLine:
    """A quantity held on one balance row."""

    line_id: int
    variant_id: int
    location_id: int
    lot_id: int
    status: str
    owner_id: int
    held: Decimal

    @property
    def place(self) -> Place:
        """Where it lies, as the source of the movement that will take it."""
        return Place(self.location_id, 0, self.status, self.owner_id)


@dataclass(frozen=True, slots=True)
class ReservationResult:
    """What is held after the call. ``shortage`` is what was asked and could not be held."""

    reservation_id: int
    held: Decimal
    shortage: Decimal
    lines: list[ReservedLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Balance:
    """Quantity of one key, in base units. ``available`` is what may still be promised."""

    variant_id: int
    location_id: int
    lot_id: int
    status: str
    owner_id: int
    on_hand: Decimal
    reserved: Decimal = Decimal(0)

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved if self.status == "available" else Decimal(0)
