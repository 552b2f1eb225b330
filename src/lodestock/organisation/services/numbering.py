"""The next document number."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import connection

from lodestock.kernel import clock
from lodestock.kernel.composed import Composed
from lodestock.kernel.db import transaction
from lodestock.organisation.domain import numbers
from lodestock.organisation.errors import UnknownSeries
from lodestock.organisation.models import NumberSeries


def next_number(series: str, *, day: date | None = None) -> str:
    """The next number of ``series`` (``"purchase_order"`` …); ``day`` is the site's today.

    Concurrent callers never wait for each other and never get the same number; a rolled back
    document leaves a gap. Raises :class:`UnknownSeries`.
    """
    return next_numbers(series, 1, day=day)[0]


def next_numbers(series: str, count: int, *, day: date | None = None) -> list[str]:
    """``count`` numbers at once: two short statements, however many."""
    if count < 1:
        return []
    rule = _rule(series)
    on = day or clock.today("UTC")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_next_numbers(%s, %s, %s)",
            [rule.id, numbers.period(rule.restart, on), count],
        )
        return [numbers.fill(rule.pattern, number, on) for (number,) in cursor.fetchall()]


def set_pattern(*, series: NumberSeries, pattern: str) -> NumberSeries:
    """Change how new numbers look; the counter goes on. Raises ``BadNumberPattern``."""
    series.pattern = numbers.check_pattern(pattern)
    with transaction():
        series.save(update_fields=["pattern", "updated_at"])
    return series


class _Rule(NamedTuple):
    id: int
    pattern: str
    restart: str


_rules = Composed(
    lambda key: NumberSeries.objects.active().filter(code=key).values_list(*_Rule._fields)
)


def _rule(series: str) -> _Rule:
    rule = next(map(_Rule._make, _rules(series)), None)
    if rule is None:
        known = ", ".join(NumberSeries.objects.active().values_list("code", flat=True))
        raise UnknownSeries(f"There is no number series {series!r}; known are: {known}.")
    return rule
