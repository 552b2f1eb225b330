"""Plan shipments, or add to those that are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from lodestock.eventstore.services import append_many
from lodestock.eventstore.types import NewEvent, Stream
from lodestock.kernel import clock, ids
from lodestock.kernel.db import transaction
from lodestock.kernel.rows import insert_rows, next_keys, update_rows
from lodestock.organisation.services import next_numbers
from lodestock.shipping import events, locks
from lodestock.shipping.domain.machine import EVENT_OF_VERB, SHIPMENT, first_status, verbs_between
from lodestock.shipping.domain.machine import ShipmentStatus as S
from lodestock.shipping.models import Shipment
from lodestock.shipping.types import PlannedShipment, ShipmentInput

from .lines import LineWork, add_lines
from .validate import checked

FIELDS = (
    *("id", "number", "direction", "direct", "status", "carrier", "service", "mode"),
    *("tracking_no", "origin_partner", "destination_partner", "origin_location"),
    *("destination_location", "scheduled_on", "planned_at", "departed_at", "delivered_at"),
    *("pod_received_by", "pod_received_at", "pod_file_sha256", "weight_kg", "weight_meaning"),
    *("freight_cost", "freight_meaning", "currency", "cause_type", "cause_id"),
    *("source", "external_id"),
)
_ATTRIBUTES = tuple(Shipment._meta.get_field(name).attname for name in FIELDS)  # type: ignore[union-attr]


def plan_shipment(given: ShipmentInput) -> PlannedShipment:
    """Plan one shipment; see :func:`plan_shipments`."""
    return plan_shipments([given])[0]


def plan_shipments(inputs: Sequence[ShipmentInput]) -> list[PlannedShipment]:
    """Plan shipments, in the order given, in one transaction.

    One whose ``source`` and ``external_id`` are known gets the lines it does not have yet; a line
    it has may bring other weights or freight. Raises :class:`InvalidInput` for figures and times
    that cannot be, :class:`ShipmentDiffers` when a known line comes with other goods,
    :class:`IllegalTransition` when a known shipment cannot reach the state it is said to have.
    """
    moment = clock.now()
    with transaction():
        given = [checked(one, moment) for one in inputs]
        known = locks.lock_known({_pair(one) for one in given if one.external_id})
        rows = _rows(given, known, moment)
        fresh = list({row.pk: row for row in rows if row.status is None}.values())
        starts: dict[int, str | None] = {id(row): row.status for row in rows}
        _walk(given, rows)
        insert_rows(Shipment, FIELDS, ([getattr(r, a) for a in _ATTRIBUTES] for r in fresh))
        _save_known(given, [(r, starts[id(r)]) for r in rows if starts[id(r)] is not None])
        works = add_lines(list(zip(rows, given, strict=True)))
        append_many(_streams(given, rows, starts, works, moment))
    return [
        PlannedShipment(
            id=row.pk,
            number=row.number,
            status=row.status,
            before=starts[id(row)],
            line_ids=work.line_ids,
            added=frozenset(work.added),
        )
        for row, work in zip(rows, works, strict=True)
    ]


def _pair(given: ShipmentInput) -> tuple[str, str]:
    return given.source, given.external_id


def _rows(
    inputs: Sequence[ShipmentInput], known: dict[tuple[str, str], Shipment], moment: datetime
) -> list[Shipment]:
    missing = sum(not (one.external_id and _pair(one) in known) for one in inputs)
    keys = iter(next_keys(Shipment, missing))
    numbers = iter(next_numbers("shipment", missing) if missing else ())
    rows = []
    for one in inputs:
        row = known.get(_pair(one)) if one.external_id else None
        if row is None:
            row = _new(one, next(keys), next(numbers), moment)
            if one.external_id:
                known[_pair(one)] = row
        rows.append(row)
    return rows


def _new(given: ShipmentInput, key: int, number: str, moment: datetime) -> Shipment:
    proof = given.proof
    times = [t for t in (given.planned_at, given.departed_at, given.delivered_at) if t]
    return Shipment(
        id=key,
        number=number,
        direction=given.direction.value,
        direct=given.direct,
        # Not decided yet: the times say how far it has come (see _walk).
        status=cast(str, None),
        carrier_id=given.carrier_id,
        service=given.service,
        mode=given.mode.value,
        tracking_no=given.tracking_no,
        origin_partner_id=given.origin_partner_id,
        destination_partner_id=given.destination_partner_id,
        origin_location_id=given.origin_location_id,
        destination_location_id=given.destination_location_id,
        scheduled_on=given.scheduled_on,
        planned_at=given.planned_at or min(times, default=moment),
        departed_at=given.departed_at,
        delivered_at=given.delivered_at,
        pod_received_by=proof.received_by if proof else "",
        pod_received_at=proof.received_at if proof else None,
        pod_file_sha256=proof.file_sha256 if proof else "",
        weight_kg=given.weight.value,
        weight_meaning=given.weight.meaning.value,
        freight_cost=given.freight.value,
        freight_meaning=given.freight.meaning.value,
        currency_id=given.currency,
        cause_type=given.cause_type,
        cause_id=given.cause_id,
        source=given.source,
        external_id=given.external_id,
    )


def _goal(given: ShipmentInput, status: str) -> S | None:
    """Where the times of an input say the shipment is by now; ``None``: no further than it is."""
    if given.delivered_at and status not in (S.DELIVERED, S.CLOSED):
        return S.DELIVERED
    if given.departed_at and not given.delivered_at and status in _BEFORE_DEPARTURE:
        return S.DEPARTED
    return None


_BEFORE_DEPARTURE = (S.PLANNED, S.PACKING, S.READY, S.BOOKED)


def _verbs(given: ShipmentInput, status: str, label: str) -> list[str]:
    goal = _goal(given, status)
    return [] if goal is None else verbs_between(status, goal, label=label)


def _walk(inputs: Sequence[ShipmentInput], rows: Sequence[Shipment]) -> None:
    for given, row in zip(inputs, rows, strict=True):
        start = row.status or first_status(given.direction).value
        verbs = _verbs(given, start, row.number)
        row.status = start
        for verb in verbs:
            row.status = SHIPMENT.target(row.status, verb, label=row.number)


def _save_known(
    inputs: Sequence[ShipmentInput], changed: Sequence[tuple[Shipment, str | None]]
) -> None:
    by_pair = {_pair(one): one for one in inputs}
    moved = [row for row, start in changed if row.status != start]
    for row in moved:
        given = by_pair[row.source, row.external_id]
        row.departed_at = row.departed_at or given.departed_at
        row.delivered_at = row.delivered_at or given.delivered_at
    fields = ("status", "departed_at", "delivered_at")
    update_rows(Shipment, fields, [(r.pk, r.status, r.departed_at, r.delivered_at) for r in moved])


def _streams(
    inputs: Sequence[ShipmentInput],
    rows: Sequence[Shipment],
    starts: dict[int, str | None],
    works: Sequence[LineWork],
    moment: datetime,
) -> list[Stream]:
    streams: dict[int, list[NewEvent]] = {}
    for given, row, work in zip(inputs, rows, works, strict=True):
        start = starts[id(row)] if row.pk not in streams else row.status
        told = streams.setdefault(row.pk, [])
        sqid = ids.encode("shipping.shipment", row.pk)
        if start is None:
            told.append(events.shipment_planned(row, sqid, work.goods))
        elif work.added:
            told.append(events.lines_added(row, sqid, work.goods, moment))
        first = start or first_status(given.direction).value
        for verb in _verbs(given, first, row.number):
            name = EVENT_OF_VERB[verb]
            told.append(events.shipment_stepped(name, row, sqid, _when(given, verb)))
    return [Stream(events.AGGREGATE, key, told) for key, told in streams.items() if told]


def _when(given: ShipmentInput, verb: str) -> datetime:
    """Steps up to the departure happened then; the arrival, and what nobody noted, at the end."""
    first, last = given.departed_at, given.delivered_at
    when = last if verb == "deliver" or first is None else first
    assert when is not None  # verbs are walked only towards a time that was given
    return when
