"""Questions about stock as it is now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from lodestock.inventory import types
from lodestock.inventory.models import Balance

_NAMES = ("variant_id", "location_id", "lot_id", "status", "owner_id", "on_hand", "reserved")


def balance_at(
    variant_id: int,
    location_id: int,
    *,
    lot_id: int = 0,
    status: str = "available",
    owner_id: int = 0,
) -> types.Balance:
    """How much lies there? Zero where nothing ever did. One index lookup."""
    key: dict[str, Any] = {
        "variant_id": variant_id,
        "location_id": location_id,
        "lot_id": lot_id,
        "status": status,
        "owner_id": owner_id,
    }
    row = Balance.objects.filter(**key).values_list("on_hand", "reserved").first()
    on_hand, reserved = row or (Decimal(0), Decimal(0))
    return types.Balance(**key, on_hand=on_hand, reserved=reserved)


def balances(
    *,
    variant_ids: Iterable[int] | None = None,
    location_ids: Iterable[int] | None = None,
    lot_ids: Iterable[int] | None = None,
    status: str | None = None,
    zero: bool = False,
) -> list[types.Balance]:
    """Which rows are there? Ordered by variant, location, lot; empty ones only with ``zero``."""
    query = Balance.objects.all()
    if variant_ids is not None:
        query = query.filter(variant_id__in=list(variant_ids))
    if location_ids is not None:
        query = query.filter(location_id__in=list(location_ids))
    if lot_ids is not None:
        query = query.filter(lot_id__in=list(lot_ids))
    if status is not None:
        query = query.filter(status=status)
    if not zero:
        query = query.exclude(on_hand=0, reserved=0)
    rows = query.order_by("variant_id", "location_id", "lot_id", "status", "owner_id")
    return [types.Balance(*row) for row in rows.values_list(*_NAMES)]


def on_hand_total(variant_id: int, *, location_ids: Iterable[int] | None = None) -> Decimal:
    """How much of a variant is there in all, or in these places?"""
    query = Balance.objects.filter(variant_id=variant_id)
    if location_ids is not None:
        query = query.filter(location_id__in=list(location_ids))
    return query.aggregate(total=Sum("on_hand"))["total"] or Decimal(0)


def holding_stock(location_ids: Collection[int]) -> set[int]:
    """Which of these places hold stock now? (``locations.ports.StockQuestion``)"""
    query = Balance.objects.filter(location_id__in=list(location_ids)).exclude(on_hand=0)
    return set(query.values_list("location_id", flat=True).distinct())
