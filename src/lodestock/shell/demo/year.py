"""Twelve months of the company, week by week. Same seed and same day: the same year."""

from __future__ import annotations

from datetime import date, timedelta

from . import demand, supply
from .catalogue import KITS
from .company import MAIN, SOUTH
from .plan import PlannedCount, PlannedKitting, PlannedPurchase, PlannedTransfer, Year
from .state import WEEKS, State

KITS_AHEAD_WEEKS = 7
SOUTH_WEEKS = 7.0
UNSHIPPED = {"sales": 4}


def first_monday(today: date) -> date:
    """The Monday 52 whole weeks before the present week: everything happened before today."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS)


def play(seed: int, today: date, scale: float = 1.0) -> Year:
    """Play the year that ends on the Sunday before ``today``."""
    state = State(seed, scale, first_monday(today))
    opening = supply.open_shelves(state)
    for week in range(WEEKS):
        _arrive(state, week)
        _assemble(state, week)
        demand.serve_backorders(state, week)
        demand.take_orders(state, week)
        _count(state, week)
        demand.take_returns(state, week)
        _send_south(state, week)
        supply.replenish(state, week)
    return Year(
        seed,
        today,
        tuple(state.weeks[:WEEKS]),
        tuple(opening),
        tuple(demand.unshipped_orders(state, UNSHIPPED["sales"])),
        _open_purchases(state),
    )


def _arrive(state: State, week: int) -> None:
    for delivery in state.weeks[week].deliveries:
        for line in delivery.lines:
            state.stock[delivery.site][line.sku] += 0 if line.damaged else line.quantity
            waiting = state.on_order[delivery.site, line.sku]
            state.on_order[delivery.site, line.sku] = max(0, waiting - line.quantity)
    for transfer in state.weeks[week].arrivals:
        for sku, quantity in transfer.lines:
            state.stock[transfer.destination][sku] += quantity
            state.in_transit[sku] -= quantity


def _assemble(state: State, week: int) -> None:
    """Monday afternoon: put kits together for the coming weeks, as far as the parts reach."""
    day = state.weeks[week].monday
    stock = state.stock[MAIN]
    for variant in state.variants:
        parts = KITS.get(variant.sku, ())
        if not parts:
            continue
        wanted = sum(state.mean(variant, site, day) for site in (MAIN, SOUTH)) * KITS_AHEAD_WEEKS
        spare = min(stock[sku] * 2 // (3 * each) for sku, each in parts)
        quantity = min(round(wanted) - stock[variant.sku], spare)
        if quantity < 3:
            continue
        for sku, each in parts:
            stock[sku] -= each * quantity
        stock[variant.sku] += quantity
        key = f"QKIT-{week:02d}-{variant.sku}"
        state.weeks[week].kittings.append(PlannedKitting(key, MAIN, day, variant.sku, quantity))


def _count(state: State, week: int) -> None:
    """Friday: one shelf in two weeks is counted and differs by a piece or two."""
    if week % 2:
        return
    day = state.weeks[week].monday + timedelta(days=4)
    candidates = [
        variant.sku
        for variant in state.variants
        if variant.product.tracking == "none" and state.stock[MAIN][variant.sku] > 8
    ]
    sku = state.rng.choice(candidates)
    delta = state.rng.choice((-2, -1, -1, 1))
    state.stock[MAIN][sku] += delta
    state.weeks[week].counts.append(PlannedCount(f"QCNT-{week:02d}", MAIN, day, sku, delta))


def _send_south(state: State, week: int) -> None:
    """Friday: the lorry south takes what the depot will need, and arrives on Monday."""
    friday = state.weeks[week].monday + timedelta(days=4)
    lines = []
    for variant in state.variants:
        if not variant.stocked or variant.product.tracking == "serial":
            continue
        weekly = state.mean(variant, SOUTH, friday + timedelta(days=3))
        owed = sum(
            one.quantity
            for one in state.backorders
            if one.line.sku == variant.sku and one.sale.site == SOUTH
        )
        need = round(weekly * SOUTH_WEEKS) + owed - state.stock[SOUTH][variant.sku]
        quantity = min(need, state.stock[MAIN][variant.sku] // 2)
        if quantity >= max(1, round(weekly)):
            lines.append((variant.sku, quantity))
            state.stock[MAIN][variant.sku] -= quantity
            state.in_transit[variant.sku] += quantity
    if lines:
        arrives = friday + timedelta(days=3)
        made = PlannedTransfer(state.key("TRF"), MAIN, SOUTH, friday, arrives, tuple(lines))
        state.weeks[week].departures.append(made)
        state.weeks[week + 1].arrivals.append(made)


def _open_purchases(state: State) -> tuple[PlannedPurchase, ...]:
    """Orders of the last Friday that are still being written or decided."""
    return tuple(state.weeks[WEEKS - 1].purchases)
