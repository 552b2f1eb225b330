"""From terms and lead times to dates."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from lodestock.partners.types import DueBasis, LeadTime, SupplyDates


def payment_due(invoiced_on: date, *, net_days: int, basis: str) -> date:
    """The day an invoice is due: ``net_days`` after its date, or after the end of its month."""
    start = invoiced_on
    if basis == DueBasis.END_OF_MONTH:
        start = invoiced_on.replace(day=monthrange(invoiced_on.year, invoiced_on.month)[1])
    return start + timedelta(days=net_days)


def due_on(ordered_on: date, lead_time: LeadTime) -> date:
    """The day goods are due: the mean lead time after the order, begun days counted whole."""
    return ordered_on + _days(lead_time.mean_days)


def required_by(ordered_on: date, lead_time: LeadTime) -> date:
    """The day from which the goods are late: mean plus one standard deviation after the order."""
    return ordered_on + _days(lead_time.mean_days + lead_time.sd_days)


def order_by(needed_on: date, lead_time: LeadTime) -> date:
    """The last day to order what is needed on ``needed_on``, one standard deviation to spare."""
    return needed_on - _days(lead_time.mean_days + lead_time.sd_days)


def supply_dates(
    ordered_on: date, lead_time: LeadTime | None, terms: tuple[int, str] | None
) -> SupplyDates:
    """Every date that follows from ordering on a day; ``None`` where the basis is not known.

    ``terms`` are net days and basis. The invoice is taken to come with the goods.
    """
    due = due_on(ordered_on, lead_time) if lead_time else None
    latest = required_by(ordered_on, lead_time) if lead_time else None
    paid = payment_due(due or ordered_on, net_days=terms[0], basis=terms[1]) if terms else None
    return SupplyDates(ordered_on, due, latest, paid)


def _days(days: Decimal) -> timedelta:
    return timedelta(days=int(days.to_integral_value(rounding=ROUND_CEILING)))
