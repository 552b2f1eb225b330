"""One transaction's work on purchase orders: load and lock, change in memory, write set-wise.

Every verb of this room runs on a :class:`Work`, whether it is about one order or a thousand, so a
single document is a bulk of one and both leave the same rows, events and movements. Written at the
end, in the order that locks demand: documents, shipments, events, and last the balances.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
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
from lodestock.organisation.selectors import minor_units, sites_by_id
from lodestock.organisation.services import next_numbers
from lodestock.organisation.types import SiteFacts
from lodestock.partners.selectors import partner_facts
from lodestock.partners.services import observe_lead_times
from lodestock.partners.types import LeadTimeObservation, PartnerFacts
from lodestock.purchasing import events, locks
from lodestock.purchasing.domain.orders import EVENT_OF_VERB, PURCHASE_ORDER
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder, Receipt, ReceiptLine


def _keys(model: type[Any]) -> Callable[[], Supply[int]]:
    return lambda: Supply(partial(next_keys, model))


def _numbers(series: str) -> Callable[[], Supply[str]]:
    return lambda: Supply(partial(next_numbers, series))


@dataclass(slots=True)
class Work:
    """Orders and lines under change, and everything that will be written with them."""

    moment: datetime = field(default_factory=clock.now)
    order_keys: Supply[int] = field(default_factory=_keys(PurchaseOrder))
    line_keys: Supply[int] = field(default_factory=_keys(PurchaseLine))
    receipt_keys: Supply[int] = field(default_factory=_keys(Receipt))
    counted_keys: Supply[int] = field(default_factory=_keys(ReceiptLine))
    order_numbers: Supply[str] = field(default_factory=_numbers("purchase_order"))
    receipt_numbers: Supply[str] = field(default_factory=_numbers("receipt"))
    orders: dict[int, PurchaseOrder] = field(default_factory=dict)
    lines: dict[int, list[PurchaseLine]] = field(default_factory=dict)
    known: dict[tuple[str, str], PurchaseOrder] = field(default_factory=dict)
    variants: dict[int, VariantFacts] = field(default_factory=dict)
    units: dict[int, Any] = field(default_factory=dict)
    sites: dict[int, SiteFacts] = field(default_factory=dict)
    suppliers: dict[int, PartnerFacts] = field(default_factory=dict)
    minor_units: dict[str, int] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    receipt_lines: list[ReceiptLine] = field(default_factory=list)
    #: Counted goods whose movements are still to be made out.
    arrivals: list[tuple[Receipt, list[ReceiptLine]]] = field(default_factory=list)
    postings: list[PostingRequest] = field(default_factory=list)
    told: dict[int, list[NewEvent]] = field(default_factory=dict)
    fresh_orders: set[int] = field(default_factory=set)
    fresh_lines: set[int] = field(default_factory=set)
    touched_orders: set[int] = field(default_factory=set)
    touched_lines: dict[int, PurchaseLine] = field(default_factory=dict)

    def load(self, order_ids: Collection[int]) -> None:
        """Lock these orders and read their lines. Raises ``NotFound``."""
        self._adopt(locks.lock_orders(order_ids).values())

    def load_known(self, pairs: Collection[tuple[str, str]]) -> None:
        """Lock those orders that are known under a source and an external id."""
        known = locks.lock_known(pairs)
        self.known |= known
        self._adopt(known.values())

    def _adopt(self, orders: Iterable[PurchaseOrder]) -> None:
        fresh = {order.pk: order for order in orders if order.pk not in self.orders}
        if not fresh:
            return
        self.orders |= fresh
        for key in fresh:
            self.lines[key] = []
        lines = PurchaseLine.objects.active().filter(order__in=fresh).order_by("line_no")
        for line in lines:
            self.lines[line.order_id].append(line)
        self.learn_variants({line.variant_id for line in lines})
        self.learn_sites({order.site_id for order in fresh.values()})

    def learn_variants(self, variant_ids: Collection[int]) -> None:
        """Read facts and units of variants not known yet; unknown keys stay absent."""
        missing = set(variant_ids) - self.variants.keys()
        if missing:
            self.variants |= variant_facts(missing)

    def learn_units(self, variant_ids: Collection[int]) -> None:
        """Read the unit tables of variants that are stated in other units than their base."""
        missing = set(variant_ids) - self.units.keys()
        if missing:
            self.units |= unit_tables(missing)

    def learn_sites(self, site_ids: Collection[int]) -> None:
        missing = set(site_ids) - self.sites.keys()
        if missing:
            self.sites |= sites_by_id(missing)

    def learn_suppliers(self, supplier_ids: Collection[int]) -> None:
        """Read who the orders go to; unknown keys stay absent."""
        missing = set(supplier_ids) - self.suppliers.keys()
        if missing:
            self.suppliers |= partner_facts(missing)

    def learn_currencies(self) -> None:
        self.minor_units = self.minor_units or minor_units()

    def expect_receipts(self, count: int, *, lines: int) -> None:
        """Draw keys and numbers for so many receipts and lines of them in one go."""
        self.receipt_keys.expect(count)
        self.receipt_numbers.expect(count)
        self.counted_keys.expect(lines)

    def day(self, order: PurchaseOrder, when: datetime) -> date:
        """The calendar day of an instant at the order's site."""
        return clock.today(self.sites[order.site_id].time_zone, at=when)

    @property
    def skus(self) -> dict[int, str]:
        return {key: facts.sku for key, facts in self.variants.items()}

    def forget(self, order: PurchaseOrder) -> None:
        """Drop a new order that got no lines."""
        del self.orders[order.pk], self.lines[order.pk]
        self.fresh_orders.discard(order.pk)
        self.touched_orders.discard(order.pk)
        self.known.pop((order.source, order.external_id), None)

    def tell(self, order: PurchaseOrder, event: NewEvent) -> None:
        self.told.setdefault(order.pk, []).append(event)

    def step(
        self, order: PurchaseOrder, verb: str, when: datetime, *, reason: str = "", **more: Any
    ) -> None:
        """Take a verb of the machine and tell it. Raises ``IllegalTransition``."""
        order.status = PURCHASE_ORDER.target(order.status, verb, label=order.number)
        self.touched_orders.add(order.pk)
        self.tell(
            order,
            events.order_stepped(EVENT_OF_VERB[verb], order, when, reason=reason, **more),
        )

    def touch(self, line: PurchaseLine) -> None:
        self.touched_lines[line.pk] = line

    def write(self) -> None:
        """Write everything, set by set; balances last."""
        insert_records(PurchaseOrder, [self.orders[key] for key in sorted(self.fresh_orders)])
        changed = self.touched_orders - self.fresh_orders
        update_records(PurchaseOrder, [self.orders[key] for key in sorted(changed)])
        lines = [line for lines in self.lines.values() for line in lines]
        insert_records(PurchaseLine, [line for line in lines if line.pk in self.fresh_lines])
        touched = [
            x for key, x in sorted(self.touched_lines.items()) if key not in self.fresh_lines
        ]
        update_records(PurchaseLine, touched)
        insert_records(Receipt, self.receipts)
        insert_records(ReceiptLine, self.receipt_lines)
        observe_lead_times(self._lead_times())
        append_many([Stream(events.AGGREGATE, key, told) for key, told in self.told.items()])
        if self.postings:
            post_many(self.postings)

    def _lead_times(self) -> list[LeadTimeObservation]:
        """What these receipts teach about suppliers; none where nobody knows the beginning."""
        return [
            LeadTimeObservation(
                partner_id=receipt.order.supplier_id,
                reference_type="receipt",
                reference_id=receipt.number,
                ordered_on=self.day(receipt.order, began),
                received_on=receipt.received_on,
            )
            for receipt in self.receipts
            if (began := receipt.order.sent_at or receipt.order.ordered_at) is not None
        ]
