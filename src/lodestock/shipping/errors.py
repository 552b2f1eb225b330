"""What shipping refuses."""

from __future__ import annotations

from lodestock.kernel.errors import Conflict, InvalidInput


class ShipmentDiffers(Conflict):
    """A known shipment line is sent again with other goods or another quantity."""

    code = "shipment_differs"
    title = "This shipment line is known with other goods"


class TimesOutOfOrder(InvalidInput):
    """A shipment would be delivered before it departed, or something lies in the future."""

    code = "times_out_of_order"
    title = "The times of the shipment do not fit together"
