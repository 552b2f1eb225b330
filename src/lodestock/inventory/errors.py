"""Situations in which the ledger refuses, with figures."""

from __future__ import annotations

from lodestock.kernel.errors import Conflict, Forbidden, InvalidInput, TransientError, Unprocessable


class InsufficientStock(Conflict):
    """More was asked of a balance than is there and not promised to others."""

    code = "insufficient_stock"
    title = "There is not enough stock"


class AlreadyPosted(Unprocessable):
    """The same reference was posted before with other lines."""

    code = "already_posted"
    title = "This reference was posted with other content"


class AlreadyReserved(Unprocessable):
    """The same reference and line key hold another article."""

    code = "already_reserved"
    title = "This reference holds another article"


class AlreadyReversed(Conflict):
    """A movement is reversed at most once."""

    code = "already_reversed"
    title = "The movement has been reversed before"


class PlaceRefused(InvalidInput):
    """A line names an unknown or closed location, or two places that keep no stock."""

    code = "place_refused"
    title = "Goods cannot be booked there"


class FutureDated(InvalidInput):
    """Nothing can have happened in the future."""

    code = "future_dated"
    title = "The instant lies in the future"


class PastBelowZero(Forbidden):
    """A back-dated posting would make a past instant negative; it needs a permission."""

    code = "past_below_zero"
    title = "The stock of that time would have been negative"


class PeriodClosed(Forbidden):
    """Posting into a closed period needs a permission."""

    code = "period_closed"
    title = "The stock period is closed"


class HandlingUnitRefused(Conflict):
    """A handling unit is elsewhere, holds less, or may not hold this."""

    code = "handling_unit_refused"
    title = "The handling unit does not allow this"


class ReservationRefused(Conflict):
    """A reservation does not hold what is to be taken from it."""

    code = "reservation_refused"
    title = "The reservation does not allow this"


class LotRequired(InvalidInput):
    """Goods tracked by lot never move without one."""

    code = "lot_required"
    title = "A lot is needed"


class ReasonRequired(InvalidInput):
    """An adjustment says why, with a reason code."""

    code = "reason_required"
    title = "A reason code is needed"


class PartitionMissing(TransientError):
    """The month's ledger partition was not made ahead."""

    code = "partition_missing"
    title = "The ledger has no partition for this month"
