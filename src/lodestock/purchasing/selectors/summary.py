"""The purchase order summary (A-80)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, DecimalField, F, Q, Sum
from django.db.models.functions import Coalesce, Greatest

from lodestock.kernel.principals import Principal
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder

from .documents import purchase_orders

_ZERO = Decimal(0)
_MONEY = DecimalField(max_digits=24, decimal_places=4)
#: What the report can be broken down by, and the column of each.
GROUPS = {
    "status": "status",
    "supplier": "supplier__code",
    "site": "site__code",
    "currency": "currency_id",
}


@dataclass(frozen=True, slots=True)
class PurchaseSummary:
    """One row of the report. Amounts in ``currency``; orders of two currencies never mix.

    ``open_value``: the share of the line amounts that has neither arrived nor been cancelled.
    """

    key: str
    currency: str
    orders: int
    lines: int
    value: Decimal
    open_value: Decimal


def purchase_summary(
    principal: Principal,
    *,
    group_by: str = "status",
    filters: Q | None = None,
) -> list[PurchaseSummary]:
    """How much is ordered, by status, supplier, site or currency? Cancelled orders count too.

    ``group_by`` is a key of :data:`GROUPS`; ``filters`` are conditions on purchase orders.
    """
    orders = purchase_orders(principal).filter(filters or Q(), active=True).order_by()
    column = GROUPS[group_by]
    heads = orders.values(column, "currency_id").annotate(
        orders=Count("pk"), value=Coalesce(Sum("total"), _ZERO, output_field=_MONEY)
    )
    lines = _lines(orders, column)
    rows = [
        _row(head, column, lines.get((head[column], head["currency_id"]), (0, _ZERO)))
        for head in heads
    ]
    return sorted(rows, key=lambda row: (row.key, row.currency))


def _lines(orders: models.QuerySet[PurchaseOrder], column: str) -> dict[Any, tuple[int, Decimal]]:
    """Number of lines and open value, by group and currency."""
    still = Greatest(F("base_quantity") - F("received") - F("cancelled"), _ZERO)
    found = (
        PurchaseLine.objects.active()
        .filter(order__in=orders.values("pk"))
        .order_by()
        .values(f"order__{column}", "order__currency_id")
        .annotate(
            lines=Count("pk"),
            open_value=Sum(F("amount") * still / F("base_quantity"), output_field=_MONEY),
        )
    )
    return {
        (row[f"order__{column}"], row["order__currency_id"]): (row["lines"], row["open_value"])
        for row in found
    }


def _row(head: dict[str, Any], column: str, lines: tuple[int, Decimal]) -> PurchaseSummary:
    return PurchaseSummary(
        key=str(head[column]),
        currency=head["currency_id"],
        orders=head["orders"],
        lines=lines[0],
        value=head["value"],
        open_value=Decimal(lines[1]).quantize(Decimal("0.0001")),
    )
