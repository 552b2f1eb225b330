"""Selling: orders of many customers, shipped from what is there, the rest later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from .catalogue import DemoVariant
from .company import CARRIERS, CUSTOMERS, DemoCustomer
from .plan import PlannedDespatch, PlannedLine, PlannedReturn, PlannedSale
from .state import LINES_PER_ORDER, ORDERS_PER_WEEK, WEEKS, Backorder, State, season

RETURN_SHARE = 0.025
RETURN_REASONS = (
    ("customer_changed_mind", True, 0.5),
    ("wrong_item", True, 0.2),
    ("defective", False, 0.3),
)


def serve_backorders(state: State, week: int) -> None:
    """Tuesday: what has come in goes to those who wait, oldest order first."""
    day = state.weeks[week].monday + timedelta(days=1)
    waiting, state.backorders = state.backorders, []
    parts: dict[str, tuple[PlannedSale, list[tuple[str, int]]]] = {}
    for one in waiting:
        stock = state.stock[one.sale.site]
        sent = min(one.quantity, stock[one.line.sku])
        if sent:
            stock[one.line.sku] -= sent
            parts.setdefault(one.sale.key, (one.sale, []))[1].append((one.line.key, sent))
        if one.quantity > sent:
            state.backorders.append(replace(one, quantity=one.quantity - sent))
    for sale, lines in parts.values():
        despatch = _despatch(state, sale.site, day, lines)
        state.weeks[week].sales.append(replace(sale, despatches=(despatch,)))


def take_orders(state: State, week: int) -> None:
    """The week's orders, each shipped on the day it is placed, or the day after Monday."""
    monday = state.weeks[week].monday
    for site, usual in ORDERS_PER_WEEK.items():
        number = round(usual * state.scale * season(monday) * state.rng.uniform(0.85, 1.15))
        days = sorted(monday + timedelta(days=state.rng.randrange(5)) for _ in range(number))
        for day in days:
            state.weeks[week].sales.append(_ship(state, _order(state, site, day), day))


def unshipped_orders(state: State, number: int) -> list[PlannedSale]:
    """The orders that wait to be picked on the morning the demo opens."""
    friday = state.weeks[WEEKS - 1].monday + timedelta(days=4)
    sites = [site for site in ORDERS_PER_WEEK for _ in range(number)]
    return [_order(state, site, friday) for site in sites]


def take_returns(state: State, week: int) -> None:
    """Friday: some of what was sent in the two weeks before comes back."""
    friday = state.weeks[week].monday + timedelta(days=4)
    untracked = {v.sku for v in state.variants if v.product.tracking == "none" and v.stocked}
    for sale in [s for w in state.weeks[max(0, week - 2) : week] for s in w.sales]:
        for despatch in sale.despatches:
            for line_key, sent in despatch.lines:
                line = next(line for line in sale.lines if line.key == line_key)
                if line.sku in untracked and state.rng.random() < RETURN_SHARE / 2:
                    back = _give_back(state, sale, line, min(sent, 1 + sent // 8), friday)
                    state.weeks[week].returns.append(back)


def _give_back(
    state: State, sale: PlannedSale, line: PlannedLine, quantity: int, day: date
) -> PlannedReturn:
    weights = [share for _code, _good, share in RETURN_REASONS]
    reason, good, _share = state.rng.choices(RETURN_REASONS, weights)[0]
    if good:
        state.stock[sale.site][line.sku] += quantity
    return PlannedReturn(
        key=state.key("RET"),
        customer=sale.customer,
        site=sale.site,
        day=day,
        sku=line.sku,
        quantity=quantity,
        price=line.price,
        reason=reason,
        good=good,
    )


def _order(state: State, site: str, day: date) -> PlannedSale:
    customers = [customer for customer in CUSTOMERS if customer.site == site]
    customer: DemoCustomer = state.rng.choices(customers, [c.weight for c in customers])[0]
    chosen = _choose(state, 1 + min(9, int(state.rng.expovariate(1 / (LINES_PER_ORDER - 0.5)))))
    lines = tuple(
        PlannedLine(str(number), variant.sku, _quantity(state, variant, site, day), variant.price)
        for number, variant in enumerate(chosen, start=1)
    )
    return PlannedSale(state.key("SO"), customer.code, site, day, lines)


def _choose(state: State, number: int) -> list[DemoVariant]:
    """Different variants, the popular ones more often."""
    weights = [_popularity(variant) for variant in state.variants]
    return list(dict.fromkeys(state.rng.choices(state.variants, weights, k=number)))


def _popularity(variant: DemoVariant) -> float:
    return float(variant.product.weekly**0.5)


def _quantity(state: State, variant: DemoVariant, site: str, day: date) -> int:
    """Such that a week's lines add up, on average, to the week's demand."""
    total = sum(_popularity(one) for one in state.variants)
    orders = ORDERS_PER_WEEK[site] * state.scale * season(day)
    lines = orders * LINES_PER_ORDER * _popularity(variant) / total
    mean = state.mean(variant, site, day) / lines
    return max(1, round(state.rng.gammavariate(4, mean / 4)))


def _ship(state: State, sale: PlannedSale, day: date) -> PlannedSale:
    """Send what is there; goods are put away on Mondays, so the first lorry leaves on Tuesday."""
    stock = state.stock[sale.site]
    stocked = {variant.sku for variant in state.variants if variant.stocked}
    sent = []
    for line in sale.lines:
        quantity = min(line.quantity, stock[line.sku]) if line.sku in stocked else line.quantity
        if line.sku in stocked:
            stock[line.sku] -= quantity
        if quantity:
            sent.append((line.key, quantity))
        if quantity < line.quantity:
            state.backorders.append(Backorder(sale, line, line.quantity - quantity))
    monday = state.weeks[0].monday + timedelta(weeks=(day - state.weeks[0].monday).days // 7)
    leaves = max(day, monday + timedelta(days=1))
    despatches = (_despatch(state, sale.site, leaves, sent),) if sent else ()
    return replace(sale, despatches=despatches)


def _despatch(state: State, site: str, day: date, lines: list[tuple[str, int]]) -> PlannedDespatch:
    carrier = state.rng.choices(CARRIERS, [one[4] for one in CARRIERS])[0]
    arrives = day + timedelta(days=state.rng.randint(*carrier[3]))
    last = state.weeks[WEEKS - 1].monday + timedelta(days=5)
    delivered = arrives if arrives < last else None
    return PlannedDespatch(state.key("SHP"), day, delivered, carrier[0], tuple(lines))
