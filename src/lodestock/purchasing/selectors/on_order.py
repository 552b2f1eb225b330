"""What suppliers owe us."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.db.models import DecimalField, F, Sum
from django.db.models.functions import Greatest

from lodestock.purchasing.domain.orders import ON_ORDER
from lodestock.purchasing.models import PurchaseLine

_ZERO = Decimal(0)


def on_order(variant_id: int, *, site_id: int | None = None) -> Decimal:
    """How much of a variant is ordered and has not arrived, in its base unit?"""
    return on_order_by_variant([variant_id], site_id=site_id).get(variant_id, _ZERO)


def on_order_by_variant(
    variant_ids: Collection[int] | None = None, *, site_id: int | None = None
) -> dict[int, Decimal]:
    """How much of each variant is ordered and has not arrived? One statement.

    Approved orders up to the last delivery count; drafts do not, nor what was cancelled.
    Variants of which nothing is on order are absent.
    """
    lines = PurchaseLine.objects.active().filter(
        order__status__in=[status.value for status in ON_ORDER],
        order__active=True,
        base_quantity__gt=F("received") + F("cancelled"),
    )
    if variant_ids is not None:
        lines = lines.filter(variant__in=variant_ids)
    if site_id is not None:
        lines = lines.filter(order__site=site_id)
    still = Greatest(F("base_quantity") - F("received") - F("cancelled"), _ZERO)
    field = DecimalField(max_digits=20, decimal_places=6)
    totals = lines.order_by().values("variant_id").annotate(quantity=Sum(still, output_field=field))
    return dict(totals.values_list("variant_id", "quantity"))
