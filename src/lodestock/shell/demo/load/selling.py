"""Sales orders, shipments, returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps

from lodestock.sales import services as sales
from lodestock.sales.types import (
    Despatch,
    DespatchLine,
    LineKind,
    ReturnInput,
    ReturnLineInput,
    SalesHistory,
    SalesLineInput,
    SalesOrderInput,
    StockStatus,
)
from lodestock.shell.demo.buildings import CHECKING
from lodestock.shell.demo.company import CURRENCY
from lodestock.shell.demo.plan import PlannedDespatch, PlannedReturn, PlannedSale
from lodestock.shipping.types import Mode

from .checks import all_applied
from .keys import SOURCE, Keys, at, minute_of


def sell(keys: Keys, planned: Sequence[PlannedSale]) -> None:
    """Place the new orders with what left on them; ship what earlier ones were waiting for."""
    known = _known(one.key for one in planned)
    fresh = [one for one in planned if one.key not in known]
    late = [one for one in planned if one.key in known]
    sales.ship_bulk(
        [(known[one.key], _despatch(keys, one, d)) for one in late for d in one.despatches]
    )
    if fresh:
        all_applied(sales.replay_bulk([_history(keys, one) for one in fresh]))


def _known(order_keys: Iterable[str]) -> dict[str, int]:
    orders: Any = apps.get_model("sales.SalesOrder")._default_manager
    rows = orders.filter(source=SOURCE, external_id__in=list(order_keys))
    return dict(rows.values_list("external_id", "pk"))


def _history(keys: Keys, planned: PlannedSale) -> SalesHistory:
    despatches = tuple(_despatch(keys, planned, one) for one in planned.despatches)
    return SalesHistory(order_input(keys, planned), despatches)


def order_input(keys: Keys, planned: PlannedSale) -> SalesOrderInput:
    """The order as sales takes it."""
    return SalesOrderInput(
        site_id=keys.sites[planned.site],
        location_id=keys.place(planned.site),
        customer_id=keys.companies[planned.customer],
        lines=tuple(
            SalesLineInput(
                quantity=Decimal(line.quantity),
                variant_id=keys.articles[line.sku],
                kind=LineKind.SERVICE if line.sku in keys.services else LineKind.GOODS,
                unit_price=line.price,
                required_on=planned.ordered_on + timedelta(days=4),
                external_key=line.key,
            )
            for line in planned.lines
        ),
        currency=CURRENCY,
        ordered_at=at(planned.site, planned.ordered_on, 8, minute_of(planned.key, 300)),
        source=SOURCE,
        external_id=planned.key,
    )


def _despatch(keys: Keys, sale: PlannedSale, planned: PlannedDespatch) -> Despatch:
    shipped_at = at(sale.site, planned.day, 14, minute_of(planned.key, 150))
    arrived = planned.delivered_on
    return Despatch(
        shipped_at=shipped_at,
        delivered_at=at(sale.site, arrived, 9, minute_of(planned.key, 420)) if arrived else None,
        lines=tuple(DespatchLine(line_key=key, quantity=Decimal(n)) for key, n in planned.lines),
        scheduled_on=planned.day + timedelta(days=2),
        carrier_id=keys.companies[planned.carrier],
        mode=Mode.TRUCK,
        tracking_no=planned.key.replace("QSHP-", "TRK"),
        external_id=planned.key,
    )


def take_back(keys: Keys, planned: Sequence[PlannedReturn]) -> None:
    """Friday's returns: good ones to their shelf, the others aside, to be looked at."""
    if planned:
        all_applied(sales.return_bulk([_return(keys, one) for one in planned]))


def _return(keys: Keys, planned: PlannedReturn) -> ReturnInput:
    home, aside = keys.home(planned.site, planned.sku), keys.place(planned.site, CHECKING)
    return ReturnInput(
        site_id=keys.sites[planned.site],
        location_id=home if planned.good else aside,
        customer_id=keys.companies[planned.customer],
        lines=(
            ReturnLineInput(
                quantity=Decimal(planned.quantity),
                variant_id=keys.articles[planned.sku],
                unit_price=planned.price,
                external_key="1",
            ),
        ),
        currency=CURRENCY,
        occurred_at=at(planned.site, planned.day, 18, minute_of(planned.key, 60)),
        status=StockStatus.AVAILABLE if planned.good else StockStatus.QUARANTINE,
        reason=planned.reason,
        source=SOURCE,
        external_id=planned.key,
    )


def leave_open(keys: Keys, planned: Sequence[PlannedSale]) -> None:
    """Orders of the last afternoon: placed and reserved, to be picked in the morning."""
    orders = sales.create_orders([order_input(keys, one) for one in planned])
    sales.reserve_orders([order.pk for order in orders])
    if orders:
        sales.hold_order(orders[-1].pk, reason="The customer asked to wait for a second order.")
