"""New orders, and new lines of known ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from lodestock.catalog.types import VariantFacts
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput, NotFound
from lodestock.kernel.money import line_amount
from lodestock.kernel.numbers import AMOUNT_PLACES, parse_decimal, parse_price, parse_quantity
from lodestock.partners.errors import Inactive, UnknownPartner
from lodestock.partners.selectors import supply_dates
from lodestock.purchasing import events
from lodestock.purchasing.errors import DatesOutOfOrder
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder
from lodestock.purchasing.types import PurchaseLineInput, PurchaseOrderInput

from .work import Work

MAX_TOLERANCE = Decimal("9.999999")


def create_purchase_order(given: PurchaseOrderInput) -> PurchaseOrder:
    """A draft order with its lines.

    Raises :class:`InvalidInput` for quantities, prices and dates that cannot be, units the variant
    does not know and a retired variant, :class:`NotFound` for an unknown variant, supplier or site,
    and :class:`Conflict` for a retired supplier and for a number or external id that exists.
    """
    return create_purchase_orders([given])[0]


def create_purchase_orders(inputs: Sequence[PurchaseOrderInput]) -> list[PurchaseOrder]:
    """Drafts for several orders, in one transaction; see :func:`create_purchase_order`."""
    with transaction():
        work = Work()
        work.load_known({(one.source, one.external_id) for one in inputs if one.external_id})
        prepare(work, inputs)
        orders = []
        for one in inputs:
            refuse_known(work, one)
            orders.append(draft(work, one, ordered_at=one.ordered_at or work.moment))
        tell_created(work)
        work.write()
    return orders


def prepare(work: Work, inputs: Sequence[PurchaseOrderInput]) -> None:
    """Read everything these orders refer to: a few statements, however many they are."""
    lines = [line for one in inputs for line in one.lines]
    work.learn_variants({line.variant_id for line in lines})
    work.learn_sites({one.site_id for one in inputs})
    work.learn_suppliers({one.supplier_id for one in inputs})
    work.learn_currencies()
    foreign = {x.variant_id for x in lines if x.uom and x.variant_id in work.variants}
    work.learn_units({key for key in foreign if _stated_otherwise(lines, key, work.variants[key])})
    _refuse_taken_numbers(inputs)
    work.order_keys.expect(len(inputs))
    work.order_numbers.expect(sum(not one.number for one in inputs))
    work.line_keys.expect(len(lines))


def _stated_otherwise(lines: Sequence[PurchaseLineInput], key: int, facts: VariantFacts) -> bool:
    return any(x.uom and x.uom != facts.base_uom for x in lines if x.variant_id == key)


def _refuse_taken_numbers(inputs: Sequence[PurchaseOrderInput]) -> None:
    wanted = [one.number for one in inputs if one.number]
    if not wanted:
        return
    taken = set(
        PurchaseOrder.objects.filter(number__in=wanted).values_list("number", flat=True)
    ) | {number for number in wanted if wanted.count(number) > 1}
    if taken:
        raise Conflict(
            f"There already is a purchase order {sorted(taken)[0]}: leave the number out to get"
            " the next of the series.",
            field="number",
        )


def refuse_known(work: Work, given: PurchaseOrderInput) -> None:
    """Raise :class:`Conflict` when this document exists already."""
    known = work.known.get((given.source, given.external_id)) if given.external_id else None
    if known is not None:
        raise Conflict(
            f"{given.source} {given.external_id} is known as {known.number}.",
            field="external_id",
            number=known.number,
        )


def draft(work: Work, given: PurchaseOrderInput, *, ordered_at: datetime | None) -> PurchaseOrder:
    """A new order with its lines, in memory."""
    if not given.lines:
        raise InvalidInput("An order needs at least one line.", field="lines")
    order = new_order(work, given, ordered_at=ordered_at)
    add_lines(work, order, [new_line(work, order, line) for line in given.lines])
    set_dates(work, order, given)
    return order


def new_order(
    work: Work, given: PurchaseOrderInput, *, ordered_at: datetime | None
) -> PurchaseOrder:
    """A new order without lines, in memory. Raises :class:`DatesOutOfOrder`."""
    if ordered_at is not None and ordered_at > work.moment:
        raise DatesOutOfOrder(
            f"ordered_at {ordered_at.isoformat()} lies in the future.", field="ordered_at"
        )
    order = PurchaseOrder(
        id=work.order_keys.take(),
        number=given.number or work.order_numbers.take(),
        supplier_id=_supplier(work, given.supplier_id),
        site_id=given.site_id,
        currency_id=_currency(work, given),
        total=Decimal(0),
        terms_days=given.terms_days,
        incoterm=given.incoterm,
        ordered_at=ordered_at,
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


def _supplier(work: Work, supplier_id: int) -> int:
    """Judged here: its foreign key is judged at the commit, when nobody can say which order."""
    facts = work.suppliers.get(supplier_id)
    if facts is None:
        raise UnknownPartner("The order names a supplier that does not exist.", field="supplier")
    if not facts.active:
        raise Inactive(
            f"{facts.code} is retired: restore it, or order from another supplier.",
            field="supplier",
        )
    return supplier_id


def add_lines(work: Work, order: PurchaseOrder, lines: Sequence[PurchaseLine]) -> None:
    """Put new lines on an order in memory; its total follows."""
    kept = work.lines[order.pk]
    last = max((line.line_no for line in kept), default=0)
    for number, line in enumerate(lines, start=last + 1):
        line.id, line.line_no = work.line_keys.take(), number
        work.fresh_lines.add(line.pk)
        order.total += line.amount
    kept.extend(lines)
    work.touched_orders.add(order.pk)


def tell_created(work: Work) -> None:
    """``PurchaseOrderCreated`` for every new order, before anything else is told of it."""
    skus = work.skus
    for key in sorted(work.fresh_orders):
        order = work.orders[key]
        when = order.ordered_at or work.moment
        created = events.order_created(order, work.lines[key], skus, when)
        work.told.setdefault(key, []).insert(0, created)


def new_line(work: Work, order: PurchaseOrder, given: PurchaseLineInput) -> PurchaseLine:
    """A line of ``order`` in memory, not on it yet; raises as :func:`create_purchase_order`."""
    facts = _variant(work, given.variant_id)
    quantity = parse_quantity(given.quantity)
    price = parse_price(given.unit_price)
    stated = given.amount is not None
    amount = parse_decimal(given.amount, field="amount", places=AMOUNT_PLACES) if stated else None
    return PurchaseLine(
        order=order,
        variant_id=facts.id,
        description=given.description[:255],
        uom_id=given.uom or facts.base_uom,
        quantity=quantity,
        base_quantity=base_quantity(work, facts, quantity, given.uom),
        unit_price=price,
        amount=line_amount(
            quantity, price, minor_unit=work.minor_units[order.currency_id], stated=amount
        ),
        amount_stated=stated,
        received=Decimal(0),
        cancelled=Decimal(0),
        tolerance=_tolerance(given.tolerance),
        promised_on=given.promised_on,
        required_on=given.required_on,
        external_key=given.external_key,
    )


def _variant(work: Work, variant_id: int) -> VariantFacts:
    facts = work.variants.get(variant_id)
    if facts is None:
        raise NotFound("A line names a variant that does not exist.", field="variant")
    if not facts.active:
        raise InvalidInput(f"{facts.sku} is retired and cannot be ordered.", field="variant")
    return facts


def base_quantity(work: Work, facts: VariantFacts, quantity: Decimal, uom: str) -> Decimal:
    """``quantity`` in the variant's base unit. Raises what ``UnitTable.to_base`` raises."""
    if not uom or uom == facts.base_uom:
        return quantity
    work.learn_units({facts.id})
    return work.units[facts.id].to_base(quantity, uom)


def _tolerance(given: Decimal | None) -> Decimal:
    if given is None:
        return Decimal(0)
    tolerance = parse_decimal(given, field="tolerance", places=6)
    if not 0 <= tolerance <= MAX_TOLERANCE:
        raise InvalidInput(
            f"tolerance: {tolerance} must be a fraction between 0 and {MAX_TOLERANCE}"
            " (0.05 stands for 5 %).",
            field="tolerance",
        )
    return tolerance


def _currency(work: Work, given: PurchaseOrderInput) -> str:
    site = work.sites.get(given.site_id)
    if site is None:
        raise NotFound("The order names a site that does not exist.", field="site")
    currency = given.currency or site.currency
    if currency not in work.minor_units:
        raise InvalidInput(
            f"There is no active currency {currency!r}: use an ISO 4217 code.", field="currency"
        )
    return currency


def set_dates(work: Work, order: PurchaseOrder, given: PurchaseOrderInput) -> None:
    """What follows from terms and lead time; days stated on the lines stand before it."""
    order.required_on = min((x.required_on for x in given.lines if x.required_on), default=None)
    order.due_on = max((x.promised_on for x in given.lines if x.promised_on), default=None)
    if order.ordered_at is None or order.due_on is not None:
        return
    ordered_on: date = work.day(order, order.ordered_at)
    dates = supply_dates(given.supplier_id, ordered_on)
    order.due_on = dates.due_on
    order.required_on = order.required_on or dates.required_by
    order.payment_due_on = dates.payment_due_on
