"""What sales refuses."""

from __future__ import annotations

from lodestock.kernel.errors import Conflict, InvalidInput


class OrderOnHold(Conflict):
    """A held order waits: nothing is reserved for it and nothing leaves."""

    code = "order_on_hold"
    title = "The order is on hold"


class MoreThanOpen(Conflict):
    """More would leave, or come back, than the line still has."""

    code = "more_than_open"
    title = "More than the order line has left"


class NotInStock(Conflict):
    """A quantity was named that cannot be held."""

    code = "not_in_stock"
    title = "Not enough can be held for this line"


class NothingToShip(Conflict):
    """Nothing of the order is open and in stock."""

    code = "nothing_to_ship"
    title = "There is nothing to ship"


class LineDiffers(Conflict):
    """A line that is known comes again with other goods, or with facts that cannot change."""

    code = "line_differs"
    title = "This line is known otherwise"


class TrackingNeeded(InvalidInput):
    """Goods of this variant come back with one serial number each."""

    code = "tracking_needed"
    title = "A lot or serial number is needed"


class NotShippedToCustomer(Conflict):
    """A piece comes back from somebody it never went to, or does not have any more."""

    code = "not_shipped_to_customer"
    title = "This customer does not have that piece"


class UnknownLine(InvalidInput):
    """A line is named that the order does not have."""

    code = "unknown_line"
    title = "The order has no such line"


class DatesOutOfOrder(InvalidInput):
    """Goods would leave before they were ordered, or something lies in the future."""

    code = "dates_out_of_order"
    title = "The dates of the order do not fit together"
