"""The only place in this room that locks. Order: purchase orders by id, then nothing of ours.

Lines and receipts are only ever changed under the lock of their order.
"""

from __future__ import annotations

from collections.abc import Collection

from lodestock.kernel.errors import NotFound

from .models import PurchaseOrder


def lock_orders(order_ids: Collection[int]) -> dict[int, PurchaseOrder]:
    """The orders, locked until the end of the transaction. Raises :class:`NotFound`."""
    wanted = set(order_ids)
    rows = PurchaseOrder.objects.filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows.select_for_update(no_key=True)} if wanted else {}
    if len(found) < len(wanted):
        raise NotFound(f"{len(wanted) - len(found)} of {len(wanted)} purchase orders do not exist.")
    return found


def lock_known(pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], PurchaseOrder]:
    """Those orders of the (source, external id) pairs that exist, locked."""
    if not pairs:
        return {}
    sources = {source for source, _ in pairs}
    external_ids = {external_id for _, external_id in pairs}
    rows = PurchaseOrder.objects.filter(source__in=sources, external_id__in=external_ids)
    locked = rows.order_by("pk").select_for_update(no_key=True)
    return {(r.source, r.external_id): r for r in locked if (r.source, r.external_id) in pairs}
