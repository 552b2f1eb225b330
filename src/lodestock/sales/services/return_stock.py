"""The stock side of a return: lots and units found, movements from the customer made out.

Goods tracked one by one come back as the units they went out as. Serial numbers say which ones;
the ledger says whose they are: where each unit is now, and for which order it last left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lodestock.catalog.types import Tracking, VariantFacts
from lodestock.inventory.selectors import (
    StoredContent,
    contents_of_units,
    last_shipped,
    units_by_serial,
)
from lodestock.inventory.services import LotSpec, ensure_lots
from lodestock.inventory.types import MovementLine, Place, PostingRequest
from lodestock.kernel.errors import InvalidInput
from lodestock.locations.selectors import location_facts, virtual_location
from lodestock.sales.errors import NotShippedToCustomer, TrackingNeeded
from lodestock.sales.models import ReturnLine, ReturnOrder, SalesOrder
from lodestock.sales.types import LineKind

from .reserve import REFERENCE

_ONE_BY_ONE = (Tracking.SERIAL, Tracking.UNIT)


@dataclass(frozen=True, slots=True)
class Piece:
    """What of a return line moves together: loose goods (unit 0), or the content of a unit."""

    quantity: Decimal
    hu_id: int = 0
    lot_id: int = 0
    status: str = "available"
    owner_id: int = 0


def check_serials(facts: VariantFacts, serials: Collection[str], base: Decimal) -> None:
    """Raise :class:`TrackingNeeded` unless every piece of ``base`` is named, once."""
    if facts.tracking not in _ONE_BY_ONE:
        if serials:
            raise InvalidInput(
                f"{facts.sku} is not tracked one by one: leave the serial numbers out.",
                field="serials",
            )
        return
    distinct = len(set(serials))
    each_named = distinct == base if facts.tracking == Tracking.SERIAL else distinct > 0
    if distinct != len(serials) or not each_named:
        raise TrackingNeeded(
            f"{facts.sku} is tracked by serial number: {base.normalize():f} come back with"
            f" {distinct} different numbers. Name every piece, once.",
            field="serials",
            sku=facts.sku,
        )


def add_lots(lines: Iterable[ReturnLine]) -> None:
    """Find or make the lots that lines name."""
    named = [line for line in lines if line.lot_no and line.variant_id]
    if not named:
        return
    wanted = {(line.variant_id or 0, line.lot_no) for line in named}
    lots = ensure_lots(LotSpec(variant_id, code) for variant_id, code in sorted(wanted))
    for line in named:
        line.lot_id = lots[line.variant_id or 0, line.lot_no]


class Pieces:
    """The units that return lines name, and what is in them. Two statements, if any is named."""

    def __init__(self, lines: Iterable[ReturnLine]) -> None:
        wanted = {(line.variant_id or 0, serial) for line in lines for serial in line.serials}
        self.units = units_by_serial(wanted) if wanted else {}
        self.contents: dict[int, list[StoredContent]] = defaultdict(list)
        for content in contents_of_units(self.units.values()) if self.units else ():
            self.contents[content.hu_id].append(content)

    def of(self, line: ReturnLine) -> list[Piece]:
        """What of a line moves: its units, or its quantity loose."""
        if not line.serials:
            return [Piece(line.base_quantity, lot_id=line.lot_id or 0)]
        units = [self.units[line.variant_id or 0, serial] for serial in line.serials]
        return [
            Piece(x.quantity, x.hu_id, x.lot_id, x.status, x.owner_id)
            for unit in units
            for x in self.contents[unit]
        ]


class ReturnedPieces(Pieces):
    """Units that are said to come back from customers, judged by what the ledger knows of them."""

    def __init__(self, lines: Collection[ReturnLine]) -> None:
        super().__init__(lines)
        self._customer = virtual_location("customer")
        self._orders: dict[int, SalesOrder] = {}
        if self.units:
            left = last_shipped(self.units.values(), location_id=self._customer)
            numbers = {unit: number for unit, (kind, number) in left.items() if kind == REFERENCE}
            orders = {
                order.number: order
                for order in SalesOrder.objects.filter(number__in=set(numbers.values()))
            }
            self._orders = {unit: orders[n] for unit, n in numbers.items() if n in orders}

    def order_of(self, rma: ReturnOrder, line: ReturnLine, customer: str) -> SalesOrder:
        """The order on which all pieces of a line went out.

        Raises :class:`NotShippedToCustomer` for a piece that ``customer`` (a name for people) does
        not have, :class:`TrackingNeeded` for pieces of several orders or of another quantity.
        """
        orders = {
            order.pk: order
            for serial in line.serials
            if (order := self._order_of_piece(rma, line, serial, customer))
        }
        if len(orders) > 1:
            raise TrackingNeeded(
                f"{_listed(line.serials)} went out on {_listed(o.number for o in orders.values())}:"
                " write one return line for each order.",
                field="serials",
            )
        asked = line.base_quantity
        found = sum((piece.quantity for piece in self.of(line)), Decimal(0))
        if found != asked:
            raise TrackingNeeded(
                f"{asked.normalize():f} of {line.sku} come back; {_listed(line.serials)} hold"
                f" {found.normalize():f}. A unit comes back as a whole.",
                field="quantity",
            )
        return next(iter(orders.values()))

    def _order_of_piece(
        self, rma: ReturnOrder, line: ReturnLine, serial: str, customer: str
    ) -> SalesOrder:
        unit = self.units.get((line.variant_id or 0, serial))
        if unit is None:
            raise _refused(f"There is no {line.sku} with the serial number {serial!r}.", serial)
        places = {content.location_id for content in self.contents[unit]}
        if places != {self._customer}:
            there = _listed(facts.path for facts in location_facts(places).values())
            raise _refused(
                f"{line.sku} {serial!r} lies at {there or 'no place'}: only what a customer has"
                " can come back.",
                serial,
            )
        order = self._orders.get(unit)
        if order is None or order.customer_id != rma.customer_id:
            raise _refused(
                f"{line.sku} {serial!r} was not shipped to {customer}: the last time it left, it"
                f" was {'for somebody else' if order else 'on no order'}. Check the number.",
                serial,
            )
        return order


def posting_of(rma: ReturnOrder, lines: Sequence[ReturnLine], pieces: Pieces) -> PostingRequest:
    """The movements that bring the goods of these lines back from the customer."""
    customer = virtual_location("customer")
    return PostingRequest(
        kind="return",
        reference_type="return_order",
        reference_id=rma.number,
        step="receive",
        occurred_at=rma.occurred_at,
        lines=tuple(
            MovementLine(
                variant_id=line.variant_id or 0,
                quantity=piece.quantity,
                source=Place(customer, piece.hu_id, piece.status, piece.owner_id),
                destination=Place(rma.location_id, piece.hu_id, rma.stock_status, piece.owner_id),
                lot_id=piece.lot_id,
                reason_code=rma.reason_code,
            )
            for line in lines
            if line.kind == LineKind.GOODS
            for piece in pieces.of(line)
        ),
    )


def _refused(text: str, serial: str) -> NotShippedToCustomer:
    return NotShippedToCustomer(text, field="serials", serial=serial)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
