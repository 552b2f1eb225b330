"""Events of this room that are written in Python; those of postings and promises are written by
the ledger's functions, in the same transaction as the rows (``sql/lines_v1.sql``)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from lodestock.eventstore.types import NewEvent

POSTING, RESERVATION, LOT, UNIT = "Posting", "Reservation", "Lot", "HandlingUnit"


@dataclass(frozen=True, slots=True)
class LotHeld:
    """A lot may no longer be promised. No stock moved."""

    variant_id: int
    lot: str
    reason: str


@dataclass(frozen=True, slots=True)
class LotReleased:
    """A lot may be promised (again)."""

    variant_id: int
    lot: str
    reason: str


@dataclass(frozen=True, slots=True)
class HandlingUnitCreated:
    """A unit was identified: a pallet built, a roll weighed."""

    uuid: str
    kind: str
    sscc: str | None
    serial: str
    location_id: int | None


def new(event: LotHeld | LotReleased | HandlingUnitCreated) -> NewEvent:
    """The event as the log takes it."""
    return NewEvent(event_type=type(event).__name__, payload=asdict(event))
