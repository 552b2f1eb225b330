"""How well suppliers deliver (A-81)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from lodestock.kernel.principals import Principal

from .documents import purchase_orders

# A line is due once it has arrived in full, or its promised day has passed. The lead time runs from
# the day the order was sent (else ordered) to the day the line's last goods arrived.
_PERFORMANCE = """
WITH seen AS ({orders}),
line AS (
    SELECT o.supplier_id, l.*, o.status AS order_status,
           coalesce(o.sent_at, o.ordered_at) AS began_at, site.time_zone,
           l.received >= l.base_quantity - l.cancelled AND l.received > 0 AS complete
    FROM purchasing_purchaseline AS l
    JOIN purchasing_purchaseorder AS o ON o.id = l.order_id
    JOIN organisation_site AS site ON site.id = o.site_id
    WHERE l.active AND o.id IN (SELECT id FROM seen) AND l.base_quantity > l.cancelled
      AND o.status NOT IN ('draft', 'submitted', 'rejected')
),
judged AS (
    SELECT line.*,
           complete OR promised_on < %(today)s AS due,
           complete AND received_on <= promised_on AS on_time,
           CASE WHEN complete AND began_at IS NOT NULL
                THEN received_on - (began_at AT TIME ZONE time_zone)::date END AS lead_days
    FROM line
    WHERE (%(after)s::date IS NULL OR coalesce(received_on, promised_on) >= %(after)s::date)
      AND (%(before)s::date IS NULL OR coalesce(received_on, promised_on) < %(before)s::date)
),
damage AS (
    SELECT r.purchase_line_id, sum(r.base_quantity) AS quantity
    FROM purchasing_receiptline AS r WHERE r.condition = 'damaged' GROUP BY 1
)
SELECT p.id, p.code, p.name, count(*),
       count(*) FILTER (WHERE due AND promised_on IS NOT NULL),
       count(*) FILTER (WHERE due AND on_time),
       count(lead_days),
       avg(lead_days)::numeric(12, 3), stddev_samp(lead_days)::numeric(12, 3),
       sum(least(received, base_quantity - cancelled)) FILTER (WHERE due),
       sum(base_quantity - cancelled) FILTER (WHERE due),
       coalesce(sum(received), 0), coalesce(sum(damage.quantity), 0),
       sum(amount - v.standard_cost * base_quantity) FILTER (WHERE v.standard_cost IS NOT NULL
            AND cost.code = judged.currency),
       sum(v.standard_cost * base_quantity) FILTER (WHERE v.standard_cost IS NOT NULL
            AND cost.code = judged.currency)
FROM (SELECT j.*, o.currency FROM judged AS j
      JOIN purchasing_purchaseorder AS o ON o.id = j.order_id) AS judged
JOIN partners_partner AS p ON p.id = judged.supplier_id
JOIN catalog_variant AS v ON v.id = judged.variant_id
LEFT JOIN organisation_currency AS cost ON cost.id = v.currency_id
LEFT JOIN damage ON damage.purchase_line_id = judged.id
GROUP BY p.id, p.code, p.name ORDER BY p.code
"""


_COLUMNS = (
    *("supplier_id", "code", "name", "lines", "due_lines", "on_time_lines", "lead_time_lines"),
    *("lead_time_days_mean", "lead_time_days_sd", "arrived", "wanted", "received", "damaged"),
    *("variance", "standard"),
)


@dataclass(frozen=True, slots=True)
class SupplierPerformance:
    """One supplier's figures. Shares are fractions (0.8855 = 88.55 %), ``None`` without a base.

    ``on_time_share``: lines that arrived in full by their promised day, of the due lines that have
    one. ``fill_share``: quantity that arrived, of what was due. ``quality_share``: received goods
    not damaged. ``price_variance``: amount paid above (+) or below (-) standard cost, as a
    fraction of it, over the lines whose standard cost is known in the order's currency.
    """

    supplier_id: int
    code: str
    name: str
    lines: int
    due_lines: int
    on_time_lines: int
    lead_time_lines: int
    lead_time_days_mean: Decimal | None
    lead_time_days_sd: Decimal | None
    on_time_share: Decimal | None
    fill_share: Decimal | None
    quality_share: Decimal | None
    price_variance: Decimal | None


def supplier_performance(
    principal: Principal,
    *,
    today: date,
    after: date | None = None,
    before: date | None = None,
    supplier_ids: list[int] | None = None,
) -> list[SupplierPerformance]:
    """How well does each supplier deliver: in time, in full, undamaged, at what price?

    ``after`` (included) and ``before`` (excluded) bound the day a line arrived, or was promised for
    when it has not. ``today`` decides what is overdue.
    """
    orders = purchase_orders(principal).filter(active=True).order_by().values("id")
    if supplier_ids is not None:
        orders = orders.filter(supplier__in=supplier_ids)
    inner, values = orders.query.get_compiler(connection=connection).as_sql()
    names = {f"seen{n}": value for n, value in enumerate(values)}
    for name in names:
        inner = inner.replace("%s", f"%({name})s", 1)
    query = _PERFORMANCE.replace("{orders}", inner)
    with connection.cursor() as cursor:
        cursor.execute(query, names | {"today": today, "after": after, "before": before})
        return [_row(*row) for row in cursor.fetchall()]


def _row(*row: Any) -> SupplierPerformance:
    found = dict(zip(_COLUMNS, row, strict=True))
    received = found["received"]
    return SupplierPerformance(
        **{name: found[name] for name in _COLUMNS[:9]},
        on_time_share=_share(found["on_time_lines"], found["due_lines"]),
        fill_share=_share(found["arrived"], found["wanted"]),
        quality_share=_share(received - found["damaged"], received),
        price_variance=_share(found["variance"], found["standard"]),
    )


def _share(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    if part is None or not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"))
