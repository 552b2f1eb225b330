"""The only place in this room that locks. Order: shipments by id, then nothing of ours."""

from __future__ import annotations

from collections.abc import Collection

from lodestock.kernel.errors import NotFound

from .models import Shipment


def lock_shipments(shipment_ids: Collection[int]) -> dict[int, Shipment]:
    """The shipments, locked until the end of the transaction. Raises :class:`NotFound`."""
    rows = Shipment.objects.filter(pk__in=set(shipment_ids)).order_by("pk")
    found = {row.pk: row for row in rows.select_for_update(no_key=True)}
    missing = set(shipment_ids) - found.keys()
    if missing:
        raise NotFound(f"{len(missing)} of {len(set(shipment_ids))} shipments do not exist.")
    return found


def lock_known(pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], Shipment]:
    """Those shipments of the (source, external id) pairs that exist, locked."""
    if not pairs:
        return {}
    sources = {source for source, _ in pairs}
    external_ids = {external_id for _, external_id in pairs}
    rows = Shipment.objects.filter(source__in=sources, external_id__in=external_ids)
    locked = rows.order_by("pk").select_for_update(no_key=True)
    return {(r.source, r.external_id): r for r in locked if (r.source, r.external_id) in pairs}
