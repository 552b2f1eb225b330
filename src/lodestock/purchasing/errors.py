"""What purchasing refuses."""

from __future__ import annotations

from lodestock.kernel.errors import Conflict, InvalidInput


class OverReceipt(Conflict):
    """More was counted than is open plus what the line tolerates."""

    code = "over_receipt"
    title = "More than the order line takes"


class LineDiffers(Conflict):
    """A line that is known comes again with other goods, or with facts that cannot change."""

    code = "line_differs"
    title = "This line is known otherwise"


class ReceiptDiffers(Conflict):
    """A receipt that is known comes again with other lines."""

    code = "receipt_differs"
    title = "This receipt is known with other lines"


class UnknownLine(InvalidInput):
    """A line is named that the order does not have."""

    code = "unknown_line"
    title = "The order has no such line"


class TrackingNeeded(InvalidInput):
    """Goods of this variant come with a lot number or with one serial number each."""

    code = "tracking_needed"
    title = "A lot or serial number is needed"


class DatesOutOfOrder(InvalidInput):
    """An order would be sent after its goods arrived, or something lies in the future."""

    code = "dates_out_of_order"
    title = "The dates of the order do not fit together"
