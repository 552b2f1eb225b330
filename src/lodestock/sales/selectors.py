"""What may be asked about sales."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, models

from lodestock.kernel.principals import Principal, limit_to_scope
from lodestock.locations.selectors import limit_to_warehouses

from .domain.returns import Sold
from .models import ReturnLine, ReturnOrder, SalesLine, SalesOrder

_SCOPE = {"partner": "customer_id", "department": "location__department_id"}

_RETURNABLE = """
SELECT l.id, o.customer_id, l.sku, l.unit_price, l.shipped_at, l.shipped - l.returned
FROM unnest(%s::bigint[], %s::text[]) AS asked(customer_id, sku)
JOIN sales_salesline AS l ON l.sku = asked.sku
JOIN sales_salesorder AS o ON o.id = l.order_id AND o.customer_id = asked.customer_id
WHERE l.shipped > l.returned AND l.shipped_at IS NOT NULL
"""


def sales_orders(principal: Principal) -> models.QuerySet[SalesOrder]:
    """Which sales orders may this principal see? Those served from their warehouses."""
    rows = limit_to_scope(SalesOrder.objects.all(), principal, _SCOPE)
    return limit_to_warehouses(rows, principal, "location_id")


def sales_lines(principal: Principal) -> models.QuerySet[SalesLine]:
    """Which lines of sales orders may this principal see?"""
    visible = sales_orders(principal).order_by().values("pk")
    return SalesLine.objects.filter(order__in=visible)


def return_orders(principal: Principal) -> models.QuerySet[ReturnOrder]:
    """Which returns may this principal see? Those taken back into their warehouses."""
    rows = limit_to_scope(ReturnOrder.objects.all(), principal, _SCOPE)
    return limit_to_warehouses(rows, principal, "location_id")


def return_lines(principal: Principal) -> models.QuerySet[ReturnLine]:
    """Which lines of returns may this principal see?"""
    visible = return_orders(principal).order_by().values("pk")
    return ReturnLine.objects.filter(return_order__in=visible)


def returnable_lines(pairs: Collection[tuple[int, str]]) -> list[Sold]:
    """Shipped lines that something is left to return of, for (customer, SKU) pairs."""
    if not pairs:
        return []
    customers, skus = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_RETURNABLE, [list(customers), list(skus)])
        return [Sold(*row) for row in cursor.fetchall()]
