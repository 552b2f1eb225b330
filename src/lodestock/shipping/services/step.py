"""Move shipments through their states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lodestock.eventstore.services import append_many
from lodestock.eventstore.types import NewEvent, Stream
from lodestock.kernel import clock, ids
from lodestock.kernel.db import transaction
from lodestock.kernel.rows import update_rows
from lodestock.shipping import events, locks
from lodestock.shipping.domain.machine import EVENT_OF_VERB, SHIPMENT, ShipmentStatus, verbs_between
from lodestock.shipping.errors import TimesOutOfOrder
from lodestock.shipping.models import Shipment
from lodestock.shipping.types import ProofOfDelivery, Step

_SAVED = (
    *("status", "departed_at", "delivered_at"),
    *("pod_received_by", "pod_received_at", "pod_file_sha256"),
)


def step_shipment(
    shipment_id: int,
    verb: str,
    *,
    occurred_at: datetime | None = None,
    place: str = "",
    reason: str = "",
) -> None:
    """One verb of the machine, e.g. ``pack`` or ``fail``; see :func:`step_shipments`."""
    step_shipments([Step(shipment_id, verb, occurred_at, place, reason)])


def depart_shipment(
    shipment_id: int, *, occurred_at: datetime | None = None, place: str = ""
) -> None:
    """The goods are gone: every step up to *departed*."""
    _walk(shipment_id, ShipmentStatus.DEPARTED, Step(shipment_id, "", occurred_at, place))


def confirm_delivery(
    shipment_id: int,
    *,
    occurred_at: datetime | None = None,
    place: str = "",
    proof: ProofOfDelivery | None = None,
) -> None:
    """The goods are there: every step up to *delivered*, with the proof if there is one."""
    last = Step(shipment_id, "", occurred_at, place, proof=proof)
    _walk(shipment_id, ShipmentStatus.DELIVERED, last)


def step_shipments(steps: Sequence[Step]) -> None:
    """Take every step, in order, in one transaction; each writes its event.

    Raises :class:`IllegalTransition` for a verb the present status does not allow, and
    :class:`TimesOutOfOrder` for an arrival before the departure; then nothing is written.
    """
    if not steps:
        return
    moment = clock.now()
    with transaction():
        shipments = locks.lock_shipments({step.shipment_id for step in steps})
        told: dict[int, list[NewEvent]] = {}
        for step in steps:
            event = _take(shipments[step.shipment_id], step, moment)
            told.setdefault(step.shipment_id, []).append(event)
        rows = [(s.pk, *(getattr(s, name) for name in _SAVED)) for s in shipments.values()]
        update_rows(Shipment, _SAVED, rows)
        append_many([Stream(events.AGGREGATE, key, list_) for key, list_ in told.items()])


def _walk(shipment_id: int, goal: ShipmentStatus, last: Step) -> None:
    with transaction():
        shipment = locks.lock_shipments([shipment_id])[shipment_id]
        verbs = verbs_between(shipment.status, goal, label=shipment.number)
        if not verbs:
            # Already there: the machine itself says that it cannot be done twice.
            verbs = ["deliver" if goal is ShipmentStatus.DELIVERED else "depart"]
        step_shipments(
            [Step(shipment_id, v, last.occurred_at, last.place, proof=last.proof) for v in verbs]
        )


def _take(shipment: Shipment, step: Step, moment: datetime) -> NewEvent:
    when = step.occurred_at or moment
    shipment.status = SHIPMENT.target(shipment.status, step.verb, label=shipment.number)
    _check_time(shipment, when, moment)
    if step.verb == "depart":
        shipment.departed_at = when
    if step.verb == "deliver":
        shipment.delivered_at = when
        _prove(shipment, step.proof, when)
    sqid = ids.encode("shipping.shipment", shipment.pk)
    name = EVENT_OF_VERB[step.verb]
    return events.shipment_stepped(name, shipment, sqid, when, place=step.place, reason=step.reason)


def _check_time(shipment: Shipment, when: datetime, moment: datetime) -> None:
    if when > moment:
        raise TimesOutOfOrder(
            f"{shipment.number}: {when.isoformat()} lies in the future.", field="occurred_at"
        )
    if shipment.departed_at is not None and when < shipment.departed_at:
        raise TimesOutOfOrder(
            f"{shipment.number} departed {shipment.departed_at.isoformat()};"
            f" {when.isoformat()} is before that.",
            field="occurred_at",
        )


def _prove(shipment: Shipment, proof: ProofOfDelivery | None, when: datetime) -> None:
    if proof is None:
        return
    shipment.pod_received_by = proof.received_by
    shipment.pod_received_at = proof.received_at or when
    shipment.pod_file_sha256 = proof.file_sha256
