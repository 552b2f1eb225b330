"""Goods leave: the reservation is consumed, stock goes to the customer, a shipment is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lodestock.inventory.types import (
    MovementLine,
    Place,
    PostingRequest,
    ReservationConsumption,
    ReservedLine,
)
from lodestock.kernel.db import transaction
from lodestock.kernel.numbers import parse_quantity
from lodestock.locations.selectors import virtual_location
from lodestock.sales import events
from lodestock.sales.domain.lines import verb_of_shipment
from lodestock.sales.domain.orders import SALES_ORDER
from lodestock.sales.errors import (
    DatesOutOfOrder,
    MoreThanOpen,
    NothingToShip,
    NotInStock,
    UnknownLine,
)
from lodestock.sales.models import SalesLine, SalesOrder
from lodestock.sales.types import Despatch, DespatchLine
from lodestock.shipping.services import plan_shipments
from lodestock.shipping.types import Direction, PlannedShipment, ShipmentInput, ShipmentLineInput

from .pick_units import UnitPicker
from .reserve import REFERENCE, hold, is_goods, workable
from .work import Work

_SILENT = DespatchLine()
_ZERO = Decimal(0)


@dataclass(slots=True)
class Going:
    """A despatch under work: its order, and per line what is wanted and what will leave."""

    order: SalesOrder
    despatch: Despatch
    wanted: list[tuple[SalesLine, Decimal, DespatchLine]]
    leaving: list[tuple[SalesLine, Decimal, DespatchLine]] = field(default_factory=list)

    def departed_at(self, moment: datetime) -> datetime | None:
        """When it left; unknown for a delivery of the past whose departure nobody noted."""
        known = self.despatch.shipped_at
        return known if known or self.despatch.delivered_at else moment

    def moved_at(self, moment: datetime) -> datetime:
        """The instant its stock movements carry."""
        return self.departed_at(moment) or self.despatch.delivered_at or moment

    @property
    def has_goods(self) -> bool:
        return any(is_goods(line) for line, _, _ in self.leaving)


#: What is still to be taken from each reservation line, by sales line.
Pins = dict[int, list[tuple[ReservedLine, Decimal]]]


def ship_order(order_id: int, despatch: Despatch | None = None) -> PlannedShipment | None:
    """Ship an order, wholly or as far as there is stock; what is short stays backordered.

    The shipment, or ``None`` when only services were due. Goods not held yet are held first.
    Raises :class:`MoreThanOpen` and :class:`NotInStock` for a line whose quantity was named,
    :class:`NothingToShip`, :class:`UnknownLine`, ``OrderOnHold``, ``IllegalTransition``.
    """
    return ship_bulk([(order_id, despatch or Despatch())])[0]


def ship_bulk(despatches: Sequence[tuple[int, Despatch]]) -> list[PlannedShipment | None]:
    """Ship several orders in one transaction, in the order given; see :func:`ship_order`."""
    with transaction():
        work = Work()
        work.load({key for key, _ in despatches})
        going = [find_lines(work, work.orders[key], one) for key, one in despatches]
        planned = depart(work, going)
        work.write()
    return planned


def find_lines(work: Work, order: SalesOrder, despatch: Despatch) -> Going:
    """What a despatch wants of an order. Raises :class:`UnknownLine`, :class:`MoreThanOpen`."""
    workable(order)
    _check_time(work, order, despatch)
    if not despatch.lines:
        due = [(x, _due(work, x), _SILENT) for x in work.lines[order.pk]]
        wanted = [one for one in due if one[1] > 0]
        for line, quantity, _ in wanted:
            work.claimed[line.pk] = work.claimed.get(line.pk, _ZERO) + quantity
        return Going(order, despatch, wanted)
    keyed = {x.external_key: x for x in work.lines[order.pk] if x.external_key}
    by_id = {x.pk: x for x in work.lines[order.pk]}
    wanted = []
    for one in despatch.lines:
        found = by_id.get(one.line_id) if one.line_id is not None else keyed.get(one.line_key)
        if found is None:
            raise UnknownLine(
                f"{order.number} has no line {one.line_key or 'with this id'!r}.", field="line"
            )
        quantity = _due(work, found) if one.quantity is None else parse_quantity(one.quantity)
        if quantity > _due(work, found):
            raise _more_than_open(order, found, quantity)
        if quantity > 0:
            work.claimed[found.pk] = work.claimed.get(found.pk, _ZERO) + quantity
            wanted.append((found, quantity, one))
    return Going(order, despatch, wanted)


def _due(work: Work, line: SalesLine) -> Decimal:
    """Open, and not wanted by another despatch of the same call."""
    return line.state.open - work.claimed.get(line.pk, _ZERO)


def depart(work: Work, despatches: Sequence[Going]) -> list[PlannedShipment | None]:
    """Hold, ship and tell in memory; one round trip each for holds and shipments."""
    pins = _hold_all(work, despatches)
    spoken_for: dict[int, Decimal] = {}
    for one in despatches:
        _settle_quantities(one, pins, spoken_for)
    with_goods = [one for one in despatches if one.has_goods]
    planned = iter(plan_shipments([shipment_of(one, work.moment) for one in with_goods]))
    units = UnitPicker(pin for held in pins.values() for pin, _ in held)
    shipments = []
    for one in despatches:
        shipment = next(planned) if one.has_goods else None
        if shipment is not None:
            _post(work, one, shipment, pins, units)
        _fulfil(work, one)
        shipments.append(shipment)
    return shipments


def _hold_all(work: Work, despatches: Sequence[Going]) -> Pins:
    """Hold what all despatches want together, each line once."""
    wanted: dict[int, tuple[SalesOrder, SalesLine, Decimal]] = {}
    for one in despatches:
        for line, quantity, _ in one.wanted:
            if is_goods(line):
                before = wanted[line.pk][2] if line.pk in wanted else _ZERO
                wanted[line.pk] = (one.order, line, before + quantity)
    results = hold(work, list(wanted.values()))
    return {
        key: [(pin, pin.held) for pin in result.lines]
        for key, result in zip(wanted, results, strict=True)
    }


def _settle_quantities(one: Going, pins: Pins, spoken_for: dict[int, Decimal]) -> None:
    """Decide what leaves. ``spoken_for``: taken by earlier despatches of the same call."""
    for line, quantity, said in one.wanted:
        if not is_goods(line):
            one.leaving.append((line, quantity, said))
            continue
        held = sum((left for _, left in pins[line.pk]), -spoken_for.get(line.pk, _ZERO))
        if said.quantity is not None and held < quantity:
            raise NotInStock(
                f"{quantity.normalize():f} of {line.sku} are to leave on {one.order.number} line"
                f" {line.line_no}; {held.normalize():f} can be held for it. Ship that much, or"
                " wait for the goods.",
                field="quantity",
                sku=line.sku,
                asked=str(quantity),
                held=str(held),
            )
        if held > 0:
            leaving = min(quantity, held)
            spoken_for[line.pk] = spoken_for.get(line.pk, _ZERO) + leaving
            one.leaving.append((line, leaving, said))
    if not one.leaving:
        raise NothingToShip(
            f"{one.order.number}: none of its open lines is in stock; they stay backordered.",
            order=one.order.number,
        )


def shipment_of(one: Going, moment: datetime) -> ShipmentInput:
    """The shipment that what leaves is written on."""
    order, despatch = one.order, one.despatch
    return ShipmentInput(
        direction=Direction.OUTBOUND,
        lines=tuple(_shipment_lines(one.leaving)),
        cause_type=REFERENCE,
        cause_id=order.number,
        carrier_id=despatch.carrier_id,
        service=despatch.service,
        mode=despatch.mode,
        tracking_no=despatch.tracking_no,
        origin_location_id=order.location_id,
        destination_partner_id=order.customer_id,
        scheduled_on=despatch.scheduled_on,
        departed_at=one.departed_at(moment),
        delivered_at=despatch.delivered_at,
        currency=order.currency_id,
        source=order.source if despatch.external_id else "",
        external_id=despatch.external_id,
    )


def _shipment_lines(
    leaving: Iterable[tuple[SalesLine, Decimal, DespatchLine]],
) -> Iterable[ShipmentLineInput]:
    for line, quantity, said in leaving:
        if is_goods(line):
            yield ShipmentLineInput(
                variant_id=line.variant_id or 0,
                quantity=quantity,
                cause_line=str(line.line_no),
                external_key=line.external_key,
                weight=said.weight,
                freight=said.freight,
                insurance=said.insurance,
            )


def _post(work: Work, one: Going, shipment: PlannedShipment, pins: Pins, units: UnitPicker) -> None:
    customer = virtual_location("customer")
    taken = [
        (pin, part)
        for line, quantity, _ in one.leaving
        if is_goods(line)
        for pin, part in _draw(pins, line, quantity)
    ]
    # A known shipment that gets further lines is a further posting.
    part = "" if shipment.before is None else f":{max(shipment.line_ids.values())}"
    work.postings.append(
        PostingRequest(
            kind="ship",
            reference_type=REFERENCE,
            reference_id=one.order.number,
            step=f"ship:{shipment.number}{part}",
            lines=tuple(
                MovementLine(
                    variant_id=pin.variant_id,
                    quantity=quantity,
                    source=place,
                    destination=Place(customer, hu_id=place.hu_id),
                    lot_id=pin.lot_id,
                )
                for pin, part in taken
                for place, quantity in units.take(pin, part)
            ),
            occurred_at=one.moved_at(work.moment),
            consumes=tuple(ReservationConsumption(pin.line_id, part) for pin, part in taken),
        )
    )


def _draw(pins: Pins, line: SalesLine, quantity: Decimal) -> list[tuple[ReservedLine, Decimal]]:
    """Take ``quantity`` from what is held for the line, and leave the rest for the next."""
    drawn, kept = [], []
    for pin, left in pins[line.pk]:
        part = min(left, quantity)
        quantity -= part
        if part > 0:
            drawn.append((pin, part))
        if left > part:
            kept.append((pin, left - part))
    pins[line.pk] = kept
    return drawn


def _fulfil(work: Work, one: Going) -> None:
    order, when = one.order, one.moved_at(work.moment)
    for line, quantity, _ in one.leaving:
        line.shipped += quantity
        line.shipped_at = max(line.shipped_at or when, when)
        work.touch(line)
    verb = verb_of_shipment(line.state for line in work.lines[order.pk])
    order.status = SALES_ORDER.target(order.status, verb, label=order.number)
    work.touched_orders.add(order.pk)
    if verb == "fulfil_rest":
        order.fulfilled_at = when
        work.tell(order, events.order_fulfilled(order, when))
    else:
        moved = [(line, quantity) for line, quantity, _ in one.leaving]
        work.tell(order, events.order_fulfilled_in_part(order, moved, when))


def _check_time(work: Work, order: SalesOrder, despatch: Despatch) -> None:
    if despatch.shipped_at is not None and despatch.shipped_at > work.moment:
        raise DatesOutOfOrder(
            f"{order.number}: shipped {despatch.shipped_at.isoformat()} lies in the future.",
            field="shipped_at",
        )


def _more_than_open(order: SalesOrder, line: SalesLine, quantity: Decimal) -> MoreThanOpen:
    state = line.state
    return MoreThanOpen(
        f"{quantity.normalize():f} of {line.sku} are to leave on {order.number} line"
        f" {line.line_no}: ordered {state.ordered.normalize():f}, shipped"
        f" {state.shipped.normalize():f}, cancelled {state.cancelled.normalize():f}, so"
        f" {state.open.normalize():f} are open.",
        field="quantity",
        sku=line.sku,
        asked=str(quantity),
        open=str(state.open),
    )
