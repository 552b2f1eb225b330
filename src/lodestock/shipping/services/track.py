"""Keep what a carrier reports, and act on it where the machine allows."""

from __future__ import annotations

from datetime import datetime

from lodestock.kernel import clock
from lodestock.kernel.db import transaction
from lodestock.shipping import locks
from lodestock.shipping.domain.machine import SHIPMENT
from lodestock.shipping.models import TrackingEvent
from lodestock.shipping.types import Step

from .step import step_shipments


def record_tracking(
    *,
    shipment_id: int,
    code: str,
    verb: str = "",
    occurred_at: datetime | None = None,
    place: str = "",
    description: str = "",
    parcel_id: int | None = None,
    source: str = "",
    external_id: str = "",
) -> TrackingEvent:
    """Keep a carrier's message; take the step ``verb`` when the shipment's status allows it.

    Carriers report late and out of order, so a step that is not possible any more is no error:
    the message is kept with an empty ``verb``. The same message (``source``, ``external_id``) a
    second time changes nothing and gives the first one.
    """
    with transaction():
        shipment = locks.lock_shipments([shipment_id])[shipment_id]
        if external_id:
            known = TrackingEvent.objects.filter(source=source, external_id=external_id).first()
            if known is not None:
                return known
        when = occurred_at or clock.now()
        possible = verb in SHIPMENT.verbs(shipment.status)
        if possible:
            step_shipments([Step(shipment_id, verb, when, place)])
        return TrackingEvent.objects.create(
            shipment_id=shipment_id,
            parcel_id=parcel_id,
            code=code,
            verb=verb if possible else "",
            occurred_at=when,
            place=place,
            description=description,
            source=source,
            external_id=external_id,
        )
