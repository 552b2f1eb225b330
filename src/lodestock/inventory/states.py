"""Statuses of lots, reservations and stock periods, and the verbs between them."""

from __future__ import annotations

from enum import StrEnum

from lodestock.kernel.states import Machine, moves


class StockStatus(StrEnum):
    """Where in its life a quantity on a shelf is; part of a balance's key, changed by movement."""

    AVAILABLE = "available"
    QUARANTINE = "quarantine"
    HOLD = "hold"
    DAMAGED = "damaged"


class LotStatus(StrEnum):
    """Whether a lot may be promised. It moves no stock; "expired" follows from the date."""

    QUARANTINE = "quarantine"
    RELEASED = "released"
    HOLD = "hold"
    SCRAPPED = "scrapped"


LOT_MACHINE = Machine(
    "Lot",
    LotStatus,
    initial=LotStatus.RELEASED,
    transitions={
        "release": moves(LotStatus.RELEASED, from_=[LotStatus.QUARANTINE, LotStatus.HOLD]),
        "hold": moves(LotStatus.HOLD, from_=[LotStatus.QUARANTINE, LotStatus.RELEASED]),
        "scrap": moves(LotStatus.SCRAPPED, from_=[LotStatus.QUARANTINE, LotStatus.HOLD]),
    },
)


class ReservationStatus(StrEnum):
    """``held`` until its last line is consumed, given up or out of time."""

    HELD = "held"
    CONSUMED = "consumed"
    RELEASED = "released"
    EXPIRED = "expired"
    REJECTED = "rejected"


RESERVATION_MACHINE = Machine(
    "Reservation",
    ReservationStatus,
    initial=ReservationStatus.HELD,
    transitions={
        "consume": moves(ReservationStatus.CONSUMED, from_=[ReservationStatus.HELD]),
        "release": moves(ReservationStatus.RELEASED, from_=[ReservationStatus.HELD]),
        "expire": moves(ReservationStatus.EXPIRED, from_=[ReservationStatus.HELD]),
        "reject": moves(ReservationStatus.REJECTED, from_=[ReservationStatus.HELD]),
        "hold": moves(
            ReservationStatus.HELD,
            from_=[
                ReservationStatus.CONSUMED,
                ReservationStatus.RELEASED,
                ReservationStatus.EXPIRED,
                ReservationStatus.REJECTED,
            ],
        ),
    },
)


class PeriodStatus(StrEnum):
    """A closed period takes no posting without permission."""

    OPEN = "open"
    CLOSED = "closed"


PERIOD_MACHINE = Machine(
    "Stock period",
    PeriodStatus,
    initial=PeriodStatus.OPEN,
    transitions={
        "close": moves(PeriodStatus.CLOSED, from_=[PeriodStatus.OPEN]),
        "reopen": moves(PeriodStatus.OPEN, from_=[PeriodStatus.CLOSED]),
    },
)


class PostingKind(StrEnum):
    """Why goods moved, in the words of the floor."""

    RECEIVE = "receive"
    PUTAWAY = "putaway"
    TRANSFER = "transfer"
    PICK = "pick"
    SHIP = "ship"
    ADJUST = "adjust"
    RETURN = "return"
    CONSUME = "consume"
    PRODUCE = "produce"
    SCRAP = "scrap"


class UnitKind(StrEnum):
    """What a handling unit is. A roll or a piece holds one thing of one lot."""

    ROLL = "roll"
    PALLET = "pallet"
    CASE = "case"
    TOTE = "tote"
    PIECE = "piece"
    CONTAINER = "container"
