"""One transaction's work on sales orders: load and lock, change in memory, write set-wise.

Every verb of this room runs on a :class:`Work`, whether it is about one order or a thousand, so a
single document is a bulk of one and both leave the same rows, events and movements. Written at the
end, in the order that locks demand: documents, events, and last the balances.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from lodestock.catalog.selectors import unit_tables, variant_facts
from lodestock.catalog.types import VariantFacts
from lodestock.eventstore.services import append_many
from lodestock.eventstore.types import NewEvent, Stream
from lodestock.inventory.services import post_many
from lodestock.inventory.types import PostingRequest
from lodestock.kernel import clock
from lodestock.kernel.rows import Supply, insert_records, next_keys, update_records
from lodestock.locations.selectors import location_facts, subtree
from lodestock.locations.types import LocationFacts
from lodestock.organisation.selectors import minor_units, sites_by_id
from lodestock.organisation.services import next_numbers
from lodestock.organisation.types import SiteFacts
from lodestock.partners.selectors import partner_facts
from lodestock.partners.types import PartnerFacts
from lodestock.sales import events, locks
from lodestock.sales.models import ReturnLine, ReturnOrder, SalesLine, SalesOrder


def _keys(model: type[Any]) -> Callable[[], Supply[int]]:
    return lambda: Supply(partial(next_keys, model))


def _numbers(series: str) -> Callable[[], Supply[str]]:
    return lambda: Supply(partial(next_numbers, series))


@dataclass(slots=True)
class Work:
    """Orders, lines and returns under change, and everything that will be written with them."""

    moment: datetime = field(default_factory=clock.now)
    order_keys: Supply[int] = field(default_factory=_keys(SalesOrder))
    line_keys: Supply[int] = field(default_factory=_keys(SalesLine))
    return_keys: Supply[int] = field(default_factory=_keys(ReturnOrder))
    return_line_keys: Supply[int] = field(default_factory=_keys(ReturnLine))
    order_numbers: Supply[str] = field(default_factory=_numbers("sales_order"))
    return_numbers: Supply[str] = field(default_factory=_numbers("return"))
    orders: dict[int, SalesOrder] = field(default_factory=dict)
    lines: dict[int, list[SalesLine]] = field(default_factory=dict)
    known: dict[tuple[str, str], SalesOrder] = field(default_factory=dict)
    variants: dict[int, VariantFacts] = field(default_factory=dict)
    units: dict[int, Any] = field(default_factory=dict)
    sites: dict[int, SiteFacts] = field(default_factory=dict)
    places: dict[int, LocationFacts] = field(default_factory=dict)
    customers: dict[int, PartnerFacts] = field(default_factory=dict)
    minor_units: dict[str, int] = field(default_factory=dict)
    scopes: dict[int, tuple[int, ...]] = field(default_factory=dict)
    #: Wanted by despatches of this call already, by line.
    claimed: dict[int, Decimal] = field(default_factory=dict)
    returns: list[ReturnOrder] = field(default_factory=list)
    return_lines: dict[int, list[ReturnLine]] = field(default_factory=dict)
    postings: list[PostingRequest] = field(default_factory=list)
    told: dict[tuple[str, int], list[NewEvent]] = field(default_factory=dict)
    fresh_orders: set[int] = field(default_factory=set)
    fresh_lines: set[int] = field(default_factory=set)
    touched_orders: set[int] = field(default_factory=set)
    touched_lines: dict[int, SalesLine] = field(default_factory=dict)

    def load(self, order_ids: Collection[int]) -> None:
        """Lock these orders and read their lines. Raises ``NotFound``."""
        self._adopt(locks.lock_orders(order_ids).values())

    def load_known(self, pairs: Collection[tuple[str, str]]) -> None:
        """Lock those orders that are known under a source and an external id."""
        known = locks.lock_known(pairs)
        self.known |= known
        self._adopt(known.values())

    def _adopt(self, orders: Iterable[SalesOrder]) -> None:
        fresh = {order.pk: order for order in orders if order.pk not in self.orders}
        if not fresh:
            return
        self.orders |= fresh
        for key in fresh:
            self.lines[key] = []
        for line in SalesLine.objects.active().filter(order__in=fresh).order_by("line_no"):
            self.lines[line.order_id].append(line)

    def learn_variants(self, variant_ids: Collection[int]) -> None:
        """Read facts of variants not known yet; unknown keys stay absent."""
        missing = set(variant_ids) - self.variants.keys()
        if missing:
            self.variants |= variant_facts(missing)

    def learn_units(self, variant_ids: Collection[int]) -> None:
        """Read the unit tables of variants that are stated in other units than their base."""
        missing = set(variant_ids) - self.units.keys()
        if missing:
            self.units |= unit_tables(missing)

    def learn_sites(self, site_ids: Collection[int]) -> None:
        """Read sites and the currencies' minor units."""
        missing = set(site_ids) - self.sites.keys()
        if missing:
            self.sites |= sites_by_id(missing)
        self.minor_units = self.minor_units or minor_units()

    def learn_parties(self, pairs: Collection[tuple[int | None, int]]) -> None:
        """Read customers and places, given as pairs of their keys; unknown ones stay absent."""
        customers = {customer for customer, _ in pairs if customer is not None}
        places = {place for _, place in pairs} - self.places.keys()
        if missing := customers - self.customers.keys():
            self.customers |= partner_facts(missing)
        if places:
            self.places |= location_facts(places)

    def scope(self, location_id: int) -> tuple[int, ...]:
        """The location and everything below it: where an order may be served from."""
        if location_id not in self.scopes:
            self.scopes[location_id] = tuple(subtree(location_id))
        return self.scopes[location_id]

    def tell(self, order: SalesOrder, event: NewEvent) -> None:
        self.told.setdefault((events.ORDER, order.pk), []).append(event)

    def tell_of_return(self, rma: ReturnOrder, event: NewEvent) -> None:
        self.told.setdefault((events.RETURN, rma.pk), []).append(event)

    def touch(self, line: SalesLine) -> None:
        self.touched_lines[line.pk] = line

    def forget(self, order: SalesOrder) -> None:
        """Drop a new order that got no lines."""
        del self.orders[order.pk], self.lines[order.pk]
        self.fresh_orders.discard(order.pk)
        self.touched_orders.discard(order.pk)
        self.known.pop((order.source, order.external_id), None)

    def write(self) -> None:
        """Write everything, set by set; balances last."""
        insert_records(SalesOrder, [self.orders[key] for key in sorted(self.fresh_orders)])
        changed = sorted(self.touched_orders - self.fresh_orders)
        update_records(SalesOrder, [self.orders[key] for key in changed])
        insert_records(SalesLine, self._new_lines())
        touched = [x for k, x in sorted(self.touched_lines.items()) if k not in self.fresh_lines]
        update_records(SalesLine, touched)
        insert_records(ReturnOrder, self.returns)
        insert_records(ReturnLine, [x for lines in self.return_lines.values() for x in lines])
        append_many([Stream(kind, key, told) for (kind, key), told in self.told.items()])
        if self.postings:
            post_many(self.postings)

    def _new_lines(self) -> Sequence[SalesLine]:
        return [
            line
            for key in sorted(self.lines)
            for line in self.lines[key]
            if line.pk in self.fresh_lines
        ]
