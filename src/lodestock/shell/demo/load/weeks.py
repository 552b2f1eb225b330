"""A whole year, week by week; a week is loaded as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps

from lodestock.kernel.db import transaction
from lodestock.shell.demo.plan import Week, Year

from . import buying, moving, selling
from .keys import SOURCE, Keys

Tell = Callable[[int, int, str], None]


def load_year(keys: Keys, year: Year, tell: Tell) -> None:
    """Load what is not there yet; ``tell(done, total, message)`` after every week."""
    total = steps(year)
    with transaction():
        if not _is_there(year.opening[0].key):
            buying.place_orders(keys, year.opening)
    for number, week in enumerate(year.weeks):
        last = number == len(year.weeks) - 1
        if not _was_loaded(week):
            with transaction():
                _live(keys, week, last=last)
        tell(number + 1, total, f"week of {week.monday:%d %B %Y}")
    if not _is_there(year.open_purchases[0].key):
        with transaction():
            selling.leave_open(keys, year.open_sales)
            buying.leave_open(keys, year.open_purchases)
    tell(len(year.weeks) + 1, total, "what waits to be done")


def steps(year: Year) -> int:
    """How many steps loading takes: the weeks, what waits to be done, and the feed."""
    return len(year.weeks) + 2


def _live(keys: Keys, week: Week, *, last: bool) -> None:
    """Everything in the order in which it happened, so that no shelf ever gives what it lacks."""
    moving.arrive(keys, week.arrivals)
    buying.receive(keys, week.deliveries)
    moving.assemble(keys, week.kittings)
    selling.sell(keys, week.sales)
    moving.count(keys, week.counts)
    selling.take_back(keys, week.returns)
    moving.depart(keys, week.departures)
    if not last:
        buying.place_orders(keys, week.purchases)


def _was_loaded(week: Week) -> bool:
    orders: Any = apps.get_model("sales.SalesOrder")._default_manager
    newest = max(sale.key for sale in week.sales)
    return bool(orders.filter(source=SOURCE, external_id=newest).exists())


def _is_there(key: str) -> bool:
    orders: Any = apps.get_model("purchasing.PurchaseOrder")._default_manager
    return bool(orders.filter(source=SOURCE, external_id=key).exists())
