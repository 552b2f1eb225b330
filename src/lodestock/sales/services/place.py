"""New orders, and new lines of known ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from lodestock.catalog.types import VariantFacts
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput, NotFound
from lodestock.kernel.money import line_amount
from lodestock.kernel.numbers import (
    AMOUNT_PLACES,
    QUANTITY_PLACES,
    parse_decimal,
    parse_price,
    parse_quantity,
)
from lodestock.sales import events
from lodestock.sales.domain.orders import EVENT_OF_VERB, SALES_ORDER
from lodestock.sales.errors import DatesOutOfOrder
from lodestock.sales.models import SalesLine, SalesOrder
from lodestock.sales.types import LineKind, SalesLineInput, SalesOrderInput

from .parties import customer_of, place_of
from .work import Work

_ZERO = Decimal(0)
#: What a service or a financial line without a variant is counted in.
_PIECES = "each"


def draft_order(given: SalesOrderInput) -> SalesOrder:
    """An order still being written: nothing is promised. See :func:`create_order`."""
    return _place([given], verb=None)[0]


def create_order(given: SalesOrderInput) -> SalesOrder:
    """An order the customer has placed.

    Raises :class:`InvalidInput` for quantities, prices and dates that cannot be and units the
    variant does not know, :class:`NotFound` for an unknown variant or site, and :class:`Conflict`
    for a number or an external id that exists already.
    """
    return create_orders([given])[0]


def create_orders(inputs: Sequence[SalesOrderInput]) -> list[SalesOrder]:
    """Several placed orders in one transaction; see :func:`create_order`."""
    return _place(inputs, verb="create")


def place_order(order_id: int) -> SalesOrder:
    """The customer has placed a draft. A second time raises ``IllegalTransition``."""
    with transaction():
        work = Work()
        work.load([order_id])
        order = work.orders[order_id]
        take_verb(work, order, "create", order.ordered_at or work.moment)
        work.write()
    return order


def _place(inputs: Sequence[SalesOrderInput], *, verb: str | None) -> list[SalesOrder]:
    with transaction():
        work = Work()
        work.load_known({(one.source, one.external_id) for one in inputs if one.external_id})
        prepare(work, inputs)
        orders = []
        for one in inputs:
            _refuse_known(work, one)
            if not one.lines:
                raise InvalidInput("An order needs at least one line.", field="lines")
            when = one.ordered_at or work.moment
            order = new_order(work, one, ordered_at=when)
            add_lines(work, order, [new_line(work, order, line) for line in one.lines])
            if verb is None:
                drafted = events.order_told("OrderDrafted", order, work.lines[order.pk], when)
                work.tell(order, drafted)
            else:
                take_verb(work, order, verb, when)
            orders.append(order)
        work.write()
    return orders


def take_verb(
    work: Work,
    order: SalesOrder,
    verb: str,
    when: datetime,
    lines: Sequence[SalesLine] | None = None,
) -> None:
    """*create* or *amend* in memory, told with these lines. Raises ``IllegalTransition``."""
    order.status = SALES_ORDER.target(order.status, verb, label=order.number)
    work.touched_orders.add(order.pk)
    told = work.lines[order.pk] if lines is None else lines
    work.tell(order, events.order_told(EVENT_OF_VERB[verb], order, told, when))


def prepare(work: Work, inputs: Sequence[SalesOrderInput]) -> None:
    """Read everything these orders refer to: a few statements, however many they are."""
    lines = [line for one in inputs for line in one.lines]
    work.learn_variants({line.variant_id for line in lines if line.variant_id is not None})
    work.learn_sites({one.site_id for one in inputs})
    work.learn_parties({(one.customer_id, one.location_id) for one in inputs})
    work.learn_units({x.variant_id for x in lines if x.variant_id and _stated_otherwise(work, x)})
    _refuse_taken_numbers([one.number for one in inputs if one.number])
    work.order_keys.expect(len(inputs))
    work.order_numbers.expect(sum(not one.number for one in inputs))
    work.line_keys.expect(len(lines))


def _stated_otherwise(work: Work, line: SalesLineInput) -> bool:
    facts = work.variants.get(line.variant_id or 0)
    return facts is not None and bool(line.uom) and line.uom != facts.base_uom


def _refuse_taken_numbers(wanted: Sequence[str]) -> None:
    if not wanted:
        return
    taken = set(SalesOrder.objects.filter(number__in=wanted).values_list("number", flat=True))
    taken |= {number for number in wanted if wanted.count(number) > 1}
    if taken:
        raise Conflict(
            f"There already is a sales order {min(taken)}: leave the number out to get the next of"
            " the series.",
            field="number",
        )


def _refuse_known(work: Work, given: SalesOrderInput) -> None:
    known = work.known.get((given.source, given.external_id)) if given.external_id else None
    if known is not None:
        raise Conflict(
            f"{given.source} {given.external_id} is known as {known.number}.",
            field="external_id",
            number=known.number,
        )


def new_order(work: Work, given: SalesOrderInput, *, ordered_at: datetime | None) -> SalesOrder:
    """A new order without lines, in memory. Raises :class:`DatesOutOfOrder`."""
    if ordered_at is not None and ordered_at > work.moment:
        raise DatesOutOfOrder(
            f"ordered_at {ordered_at.isoformat()} lies in the future.", field="ordered_at"
        )
    order = SalesOrder(
        id=work.order_keys.take(),
        number=given.number or work.order_numbers.take(),
        customer_id=customer_of(work, given.customer_id),
        walk_in=given.customer_id is None,
        site_id=given.site_id,
        location_id=place_of(work, given.location_id, given.site_id),
        currency_id=currency_of(work, given.site_id, given.currency),
        total=_ZERO,
        ordered_at=ordered_at,
        required_on=given.required_on
        or min((x.required_on for x in given.lines if x.required_on), default=None),
        note=given.note,
        source=given.source,
        external_id=given.external_id,
    )
    work.orders[order.pk] = order
    work.lines[order.pk] = []
    work.fresh_orders.add(order.pk)
    if given.external_id:
        work.known[given.source, given.external_id] = order
    return order


def add_lines(work: Work, order: SalesOrder, lines: Sequence[SalesLine]) -> None:
    """Put new lines on an order in memory; its total follows."""
    kept = work.lines[order.pk]
    last = max((line.line_no for line in kept), default=0)
    for number, line in enumerate(lines, start=last + 1):
        line.id, line.line_no = work.line_keys.take(), number
        work.fresh_lines.add(line.pk)
        order.total += line.amount
    kept.extend(lines)
    work.touched_orders.add(order.pk)


def new_line(work: Work, order: SalesOrder, given: SalesLineInput) -> SalesLine:
    """A line of ``order`` in memory, not on it yet; raises as :func:`create_order`."""
    facts = article(work, given.variant_id, given.kind, given.sku)
    uom = given.uom or (facts.base_uom if facts else _PIECES)
    quantity = parse_quantity(given.quantity)
    price = _price(given.unit_price, given.kind)
    stated = None if given.amount is None else _amount(given.amount)
    minor_unit = work.minor_units[order.currency_id]
    return SalesLine(
        order=order,
        kind=given.kind.value,
        variant_id=facts.id if facts else None,
        sku=facts.sku if facts else given.sku,
        description=given.description[:255],
        uom_id=uom,
        quantity=quantity,
        base_quantity=base_quantity(work, facts, quantity, uom),
        unit_price=price,
        amount=line_amount(quantity, price, minor_unit=minor_unit, stated=stated),
        amount_stated=stated is not None,
        shipped=_ZERO,
        cancelled=_ZERO,
        returned=_ZERO,
        required_on=given.required_on,
        promised_on=given.promised_on,
        external_key=given.external_key,
    )


def article(work: Work, variant_id: int | None, kind: LineKind, sku: str) -> VariantFacts | None:
    """The variant of a line; only services and financial lines may go without one."""
    if variant_id is None:
        if kind is LineKind.GOODS:
            raise InvalidInput("Goods need a variant.", field="variant")
        if not sku:
            raise InvalidInput("A line without a variant needs an SKU of its own.", field="sku")
        return None
    facts = work.variants.get(variant_id)
    if facts is None:
        raise NotFound("A line names a variant that does not exist.", field="variant")
    if kind is LineKind.GOODS and not facts.stocked:
        raise InvalidInput(
            f"{facts.sku} is a service: it is sold on a line of kind 'service'.", field="kind"
        )
    return facts


def base_quantity(work: Work, facts: VariantFacts | None, quantity: Decimal, uom: str) -> Decimal:
    """``quantity`` in the variant's base unit. Raises what ``catalog.selectors.to_base`` raises."""
    if facts is None or uom == facts.base_uom:
        return quantity
    work.learn_units({facts.id})
    return Decimal(work.units[facts.id].to_base(quantity, uom))


def currency_of(work: Work, site_id: int, given: str) -> str:
    """The currency of a document: its own, or the site's."""
    site = work.sites.get(site_id)
    if site is None:
        raise NotFound("The document names a site that does not exist.", field="site")
    currency = given or site.currency
    if currency not in work.minor_units:
        raise InvalidInput(
            f"There is no active currency {currency!r}: use an ISO 4217 code.", field="currency"
        )
    return currency


def _price(given: Decimal, kind: LineKind) -> Decimal:
    if kind is LineKind.FINANCIAL:
        return parse_decimal(given, field="unit_price", places=QUANTITY_PLACES)
    return parse_price(given)


def _amount(given: Decimal) -> Decimal:
    return parse_decimal(given, field="amount", places=AMOUNT_PLACES)
