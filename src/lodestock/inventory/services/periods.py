"""Stock periods: opened, closed, reopened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError

from lodestock.inventory.models import StockPeriod
from lodestock.inventory.states import PERIOD_MACHINE
from lodestock.kernel import clock
from lodestock.kernel.context import acting, current
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput


def create_period(*, code: str, starts_at: datetime, ends_at: datetime) -> StockPeriod:
    """Name a span of time. Raises :class:`Conflict` when it overlaps another one."""
    if ends_at <= starts_at:
        raise InvalidInput(f"The period ends {ends_at}, before it starts.", field="ends_at")
    try:
        with transaction():
            return StockPeriod.objects.create(code=code, starts_at=starts_at, ends_at=ends_at)
    except IntegrityError as error:
        raise _overlap(code, error) from error


def change_period(period: StockPeriod, **fields: Any) -> StockPeriod:
    """Change an open period's name or bounds."""
    if period.status != "open":
        raise Conflict(f"The period {period.code} is closed; reopen it to change it.")
    for name, value in fields.items():
        setattr(period, name, value)
    try:
        with transaction():
            period.save(update_fields=[*fields, "updated_at"])
    except IntegrityError as error:
        raise _overlap(period.code, error) from error
    return period


def close_period(period: StockPeriod, *, reason: str = "") -> StockPeriod:
    """From now on it takes no posting without permission."""
    return _turn(period, "close", reason)


def reopen_period(period: StockPeriod, *, reason: str) -> StockPeriod:
    """It takes postings again."""
    return _turn(period, "reopen", reason)


def _turn(period: StockPeriod, verb: str, reason: str) -> StockPeriod:
    with acting(reason=reason), transaction():
        fresh = StockPeriod.objects.select_for_update().get(pk=period.pk)
        fresh.status = PERIOD_MACHINE.target(fresh.status, verb, label=fresh.code)
        closing = verb == "close"
        fresh.closed_at = clock.now() if closing else None
        fresh.closed_by_id = current().actor_id if closing else None
        fresh.save()
    return fresh


def _overlap(code: str, error: IntegrityError) -> Conflict:
    if "inventory_period_no_overlap" in str(error):
        return Conflict(f"The period {code} overlaps another one; periods follow each other.")
    return Conflict(f"There is a period {code!r} already.", field="code")
