"""Buying: order up to a target, and suppliers who deliver as suppliers do."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta

from .catalogue import KITS, DemoVariant
from .company import MAIN, SOUTH, SUPPLIERS, DemoSupplier
from .plan import DeliveredLine, PlannedDelivery, PlannedLine, PlannedPurchase
from .state import WEEKS, State

REVIEW_WEEKS = 1
SAFETY_WEEKS = 5.5
LOT_WEEKS = 4


def open_shelves(state: State) -> list[PlannedPurchase]:
    """The first orders, for both sites, all delivered on the first Monday."""
    made = []
    for supplier in SUPPLIERS:
        for site in (MAIN, SOUTH):
            weeks = supplier.lead_days / 7 + REVIEW_WEEKS + SAFETY_WEEKS + LOT_WEEKS
            wanted = {
                variant: _packs(variant, (state.mean(variant, site, state.start) + kits) * weeks)
                for variant in _bought_from(state, supplier)
                for kits in [_for_kits(state, variant, state.start) if site == MAIN else 0]
            }
            day = state.start - timedelta(days=supplier.lead_days + 3)
            purchase = _purchase(state, supplier, site, (day, state.start), wanted)
            state.weeks[0].deliveries.append(_delivery(state, purchase, purchase.lines, 0, None))
            made.append(purchase)
    return made


def replenish(state: State, week: int) -> None:
    """Friday: order what has fallen below its reorder point, and arrange the deliveries."""
    friday = state.weeks[week].monday + timedelta(days=4)
    for supplier in SUPPLIERS:
        for site in (MAIN, SOUTH):
            wanted = _needs(state, supplier, site, friday)
            if not wanted:
                continue
            promised = friday + timedelta(days=supplier.lead_days)
            purchase = _purchase(state, supplier, site, (friday, promised), wanted)
            state.weeks[week].purchases.append(purchase)
            for variant, quantity in wanted.items():
                state.on_order[site, variant.sku] += quantity
            _arrange(state, supplier, purchase)


def _needs(state: State, supplier: DemoSupplier, site: str, day: date) -> dict[DemoVariant, int]:
    lead = supplier.lead_days / 7
    wanted = {}
    for variant in _bought_from(state, supplier):
        if not _buys_itself(site, variant):
            continue
        sites = (MAIN,) if _buys_itself(SOUTH, variant) else (MAIN, SOUTH)
        covered = (site,) if site == SOUTH else sites
        arrival = day + timedelta(days=supplier.lead_days)
        weekly = sum(state.mean(variant, place, arrival) for place in covered)
        weekly += _for_kits(state, variant, arrival) if site == MAIN else 0
        position = sum(state.stock[place][variant.sku] for place in covered)
        position += state.on_order[site, variant.sku]
        position += state.in_transit[variant.sku] if len(covered) > 1 else 0
        position -= sum(b.quantity for b in state.backorders if b.line.sku == variant.sku)
        if position < weekly * (lead + REVIEW_WEEKS + SAFETY_WEEKS):
            target = weekly * (lead + REVIEW_WEEKS + SAFETY_WEEKS + LOT_WEEKS)
            wanted[variant] = _packs(variant, target - position)
    return wanted


def _for_kits(state: State, variant: DemoVariant, day: date) -> float:
    """What a week's kits need of one part."""
    kits = {one.sku: one for one in state.variants if one.sku in KITS}
    return sum(
        each * sum(state.mean(kits[kit], site, day) for site in (MAIN, SOUTH))
        for kit, parts in KITS.items()
        for sku, each in parts
        if sku == variant.sku
    )


def _buys_itself(site: str, variant: DemoVariant) -> bool:
    """The south buys its frames itself; everything else comes by the weekly lorry."""
    return site == MAIN or variant.product.tracking == "serial"


def _bought_from(state: State, supplier: DemoSupplier) -> Iterable[DemoVariant]:
    return (v for v in state.variants if v.product.supplier == supplier.code)


def _packs(variant: DemoVariant, quantity: float) -> int:
    return max(1, math.ceil(quantity / variant.product.pack)) * variant.product.pack


def _purchase(
    state: State,
    supplier: DemoSupplier,
    site: str,
    days: tuple[date, date],
    wanted: dict[DemoVariant, int],
) -> PlannedPurchase:
    lines = tuple(
        PlannedLine(str(number), variant.sku, quantity, variant.cost)
        for number, (variant, quantity) in enumerate(wanted.items(), start=1)
    )
    return PlannedPurchase(state.key("PO"), supplier.code, site, *days, lines)


def _arrange(state: State, supplier: DemoSupplier, purchase: PlannedPurchase) -> None:
    """Decide when the goods come, in how many lorries, and what is wrong with them."""
    late = supplier.habit == "late" and state.rng.random() < 0.35
    days = supplier.lead_days + state.rng.gauss(0, supplier.lead_sd) + 10 * late
    week = state.week_of(purchase.ordered_on + timedelta(days=max(3, round(days))))
    first, rest = _split(state, supplier, purchase.lines)
    for part, extra in ((first, 0), (rest, 1)):
        if part and week + extra < len(state.weeks):
            delivery = _delivery(state, purchase, part, week + extra, supplier)
            state.weeks[week + extra].deliveries.append(delivery)


def _split(
    state: State, supplier: DemoSupplier, lines: tuple[PlannedLine, ...]
) -> tuple[tuple[PlannedLine, ...], tuple[PlannedLine, ...]]:
    """In two lorries, every line in both: only of those who have the habit."""
    if supplier.habit != "partial" or state.rng.random() < 0.55:
        return lines, ()
    first, rest = [], []
    for line in lines:
        now = max(1, line.quantity * 6 // 10)
        first.append(PlannedLine(line.key, line.sku, now, line.price))
        if line.quantity > now:
            rest.append(PlannedLine(line.key, line.sku, line.quantity - now, line.price))
    return tuple(first), tuple(rest)


def _delivery(
    state: State,
    purchase: PlannedPurchase,
    lines: tuple[PlannedLine, ...],
    week: int,
    supplier: DemoSupplier | None,
) -> PlannedDelivery:
    """The counted lines; without ``supplier`` everything is as ordered."""
    by_sku = {variant.sku: variant for variant in state.variants}
    day = state.weeks[week].monday
    counted: list[DeliveredLine] = []
    for line in lines:
        good, damaged = _counted(state, supplier, line.quantity)
        if week >= WEEKS:
            good, damaged = line.quantity, 0
        counted.append(_stamped(state, by_sku[line.sku], line, good, day))
        if damaged:
            counted.append(_stamped(state, by_sku[line.sku], line, damaged, day, damaged=True))
    return PlannedDelivery(state.key("DEL"), purchase.key, purchase.site, day, tuple(counted))


def _counted(state: State, supplier: DemoSupplier | None, quantity: int) -> tuple[int, int]:
    """How many arrive good and how many damaged of an ordered quantity."""
    if supplier is None or state.rng.random() > 0.12:
        return quantity, 0
    if supplier.habit == "over" and quantity >= 25:
        return quantity + max(1, quantity * 3 // 100), 0
    if supplier.habit == "short" and quantity >= 12:
        return quantity - max(1, quantity * 8 // 100), 0
    if supplier.habit == "damaged" and quantity >= 6:
        return quantity - 1, 1
    return quantity, 0


def _stamped(
    state: State,
    variant: DemoVariant,
    line: PlannedLine,
    quantity: int,
    day: date,
    *,
    damaged: bool = False,
) -> DeliveredLine:
    """Lots get a number and a date, serialised goods their numbers."""
    tracking = variant.product.tracking
    serials: tuple[str, ...] = ()
    lot, expires = "", None
    if tracking == "serial":
        serials = tuple(state.key("LOT").replace("QLOT", "SN") for _ in range(quantity))
    if tracking == "lot":
        lot = state.key("LOT").replace("QLOT", "L" + day.strftime("%y%m"))
        age = timedelta(days=state.rng.randrange(20, 90))
        expires = day - age + timedelta(days=variant.product.shelf_life_days or 365)
    return DeliveredLine(line.key, line.sku, quantity, damaged, lot, expires, serials)
