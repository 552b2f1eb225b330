"""From what the database refuses to what a person can act on."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
from django.db import DatabaseError, connection
from psycopg import errors as pg

from lodestock.inventory.errors import (
    AlreadyPosted,
    AlreadyReserved,
    AlreadyReversed,
    FutureDated,
    HandlingUnitRefused,
    InsufficientStock,
    LotRequired,
    PartitionMissing,
    PastBelowZero,
    PeriodClosed,
    PlaceRefused,
    ReasonRequired,
    ReservationRefused,
)
from lodestock.kernel.errors import InvalidInput, LodestockError, TransientError
from lodestock.kernel.ids import encode

Detail = dict[str, Any]


def translate(error: psycopg.Error) -> Exception:
    """Our own error for a refusal; Django's wrapping of the original for anything else."""
    known = _REFUSALS.get(error.sqlstate or "")
    if known:
        return known(json.loads(error.diag.message_detail or "{}"))
    if isinstance(error, pg.CheckViolation):
        return _check(error)
    if isinstance(error, pg.ForeignKeyViolation):
        return _foreign_key(error)
    if isinstance(error, pg.NumericValueOutOfRange):
        return InvalidInput("A quantity has more digits than the ledger holds.", field="quantity")
    if isinstance(error, pg.DeadlockDetected | pg.SerializationFailure | pg.LockNotAvailable):
        return TransientError("Others are changing the same stock; please try again.")
    return _wrapped(error)


def _wrapped(error: psycopg.Error) -> Exception:
    try:
        with connection.wrap_database_errors:
            raise error
    except DatabaseError as wrapped:
        return wrapped


def trim(number: str) -> str:
    """A decimal text without idle zeros, for people: ``12.500000`` is ``12.5``."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _variant(detail: Detail) -> str:
    return encode("catalog.variant", detail["variant_id"])


def _place(detail: Detail) -> str:
    return detail.get("location") or f"location {detail.get('location_id')}"


def short(detail: Detail) -> InsufficientStock:
    asked, on_hand = trim(detail["asked"]), trim(detail["on_hand"])
    what = detail.get("sku") or f"variant {detail['variant_id']}"
    lot = f" of lot {detail['lot']}" if detail.get("lot") else ""
    status = "" if detail["status"] == "available" else f" {detail['status']}"
    text = f"{asked} of {what}{lot} asked at {_place(detail)}, {on_hand}{status} on hand"
    return InsufficientStock(
        text + _promised(detail),
        variant=_variant(detail),
        location=encode("locations.location", detail["location_id"]),
        asked=detail["asked"],
        on_hand=detail["on_hand"],
        reserved=detail["reserved"],
        in_units=detail["in_units"],
        reserved_for=detail["reserved_for"],
    )


def _promised(detail: Detail) -> str:
    parts = []
    if Decimal(detail["reserved"]):
        whom = [f"{o['reference_type']} {o['reference_id']}" for o in detail["reserved_for"]]
        parts.append(f"{trim(detail['reserved'])} of them reserved for {', '.join(whom)}")
    if Decimal(detail["in_units"]):
        parts.append(f"{trim(detail['in_units'])} packed in handling units")
    return "".join(f"; {part}" for part in parts) + "."


def _unfilled(detail: Detail) -> InsufficientStock:
    free = trim(str(Decimal(detail["on_hand"]) - Decimal(detail["reserved"])))
    return InsufficientStock(
        f"{trim(detail['asked'])} of {detail['sku']} asked to be reserved, {free} available"
        f" ({trim(detail['on_hand'])} on hand, {trim(detail['reserved'])} reserved) in"
        f" {detail['places']} places; blocked and expired lots do not count.",
        variant=_variant(detail),
        asked=detail["asked"],
        on_hand=detail["on_hand"],
        reserved=detail["reserved"],
    )


def _other_variant(detail: Detail) -> AlreadyReserved:
    name = f"{detail['reference_type']} {detail['reference_id']} {detail['line_key']}".rstrip()
    return AlreadyReserved(
        f"{name} has a reservation of another article: use another line_key.",
        variant=_variant(detail),
    )


def _already_posted(detail: Detail) -> AlreadyPosted:
    name = f"{detail['reference_type']} {detail['reference_id']} {detail['step']}".rstrip()
    return AlreadyPosted(
        f"{name} was posted before with other lines; post a correction under another step.",
        posting=encode("inventory.posting", detail["posting_id"]),
    )


_PLACES = {
    "unknown": "There is no location {location_id}.",
    "closed": "{place} is closed, inactive or only structure: nothing can be booked into it.",
    "virtual": "Both sides of line {line} are virtual: goods go through a real place or transit.",
    "same": "Both sides of line {line} are the same: place, handling unit, status or owner must"
    " differ.",
    "variant": "There is no variant {variant_id}.",
}


def _places(detail: Detail) -> PlaceRefused:
    template = _PLACES[detail.get("problem", "unknown")]
    known = {"line": "?", "location_id": "?", "variant_id": "?"} | detail
    return PlaceRefused(
        template.format(place=_place(detail), **known), problem=detail.get("problem")
    )


def _future(detail: Detail) -> FutureDated:
    return FutureDated(
        f"occurred_at {detail['occurred_at']} lies after now, {detail['now']}: what has not"
        " happened yet cannot be posted.",
        field="occurred_at",
    )


def _past(detail: Detail) -> PastBelowZero:
    return PastBelowZero(
        f"The stock of variant {_variant(detail)} at {_place(detail)} would have been"
        f" {trim(detail['on_hand'])} before {detail['before']}. Post the missing receipt first, or"
        " ask somebody who may post the past below zero.",
        variant=_variant(detail),
        on_hand=detail["on_hand"],
        before=detail["before"],
    )


def _period(detail: Detail) -> PeriodClosed:
    return PeriodClosed(
        f"The period {detail['period']} is closed: post with a date in an open one, or ask"
        " somebody who may post into closed periods.",
        period=detail["period"],
    )


_UNITS = {
    "loose": "Goods tracked as {tracking} lie in handling units only: name one on this side.",
    "elsewhere": "The handling unit {unit} is not at the place the line names.",
    "left_behind": "The handling unit {unit} moves as a whole: one line for each of its contents,"
    " to one place.",
    "one_thing": "The handling unit {unit} holds one thing of one lot; a serial number is one"
    " piece.",
    "contents": "{asked} asked from the handling unit {unit}, {found} found in it.",
    "nested": "The handling unit {unit} cannot be packed there: both must stand in one place, and"
    " not inside each other.",
}


def _unit(detail: Detail) -> HandlingUnitRefused:
    unit = encode("inventory.handlingunit", detail["hu_id"]) if detail.get("hu_id") else ""
    known = {"tracking": "unit"} | detail
    known |= {name: trim(known.get(name, "")) for name in ("asked", "found")}
    return HandlingUnitRefused(
        _UNITS[detail["problem"]].format(unit=unit, **known),
        problem=detail["problem"],
        handling_unit=unit,
    )


def _pin(detail: Detail) -> ReservationRefused:
    return ReservationRefused(
        f"{trim(detail['asked'])} to be taken from a reservation that holds"
        f" {trim(detail['held'])} there: read the reservation again.",
        asked=detail["asked"],
        held=detail["held"],
    )


def _reversed(detail: Detail) -> AlreadyReversed:
    return AlreadyReversed(
        "The movement was reversed before; reverse the reversal to undo it.",
        movement=encode("inventory.movement", detail["movement_id"]),
    )


_REFUSALS: dict[str, Callable[[Detail], LodestockError]] = {
    "LS001": short,
    "LS002": _already_posted,
    "LS003": _places,
    "LS004": _future,
    "LS005": _past,
    "LS006": _period,
    "LS007": _unit,
    "LS008": _pin,
    "LS009": _reversed,
    "LS010": _unfilled,
    "LS012": _other_variant,
}


def _check(error: psycopg.Error) -> Exception:
    message = error.diag.message_primary or ""
    if "no partition of relation" in message:
        return PartitionMissing(
            "The ledger has no table for this month: run `lodestock ensure_partitions`."
        )
    constraint = error.diag.constraint_name
    if constraint == "inventory_balance_sound":
        return LotRequired(
            "These goods are tracked by lot: every line needs a lot_id.", field="lot_id"
        )
    if constraint == "inventory_balance_closed":
        return PlaceRefused(
            "The place has been closed meanwhile: nothing can be booked there. Reopen it, or choose"
            " another.",
            problem="closed",
        )
    if constraint == "inventory_movement_sound":
        return ReasonRequired("An adjustment needs a reason code.", field="reason_code")
    if constraint == "positive_check":
        return InvalidInput("A quantity must be greater than zero.", field="quantity")
    return InvalidInput(f"The ledger refuses this: {message}.")


def _foreign_key(error: psycopg.Error) -> InvalidInput:
    constraint = error.diag.constraint_name or ""
    field = next((f for f in ("lot", "owner", "location", "variant") if f in constraint), "")
    texts = {
        "lot": "There is no such lot of this variant.",
        "owner": "There is no such owner among the partners.",
    }
    return InvalidInput(
        texts.get(field, f"A line refers to a {field or 'row'} that does not exist."),
        field=f"{field}_id" if field else None,
    )
