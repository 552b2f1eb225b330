"""Handling units over HTTP."""

from __future__ import annotations

from typing import Any

from django.db import models

from lodestock.inventory import permissions, selectors, services
from lodestock.inventory.models import HandlingUnit
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import RecordViewSet
from lodestock.kernel.principals import Principal

from . import bodies, filters, serializers


class HandlingUnitViewSet(RecordViewSet[HandlingUnit]):
    """Pallets, rolls, cases, pieces. Goods go in and out of them by posting movements."""

    model = HandlingUnit
    serializer_class = serializers.HandlingUnitSerializer
    filterset_class = filters.HandlingUnitFilterSet
    ordering_fields = ("created_at", "kind", "sscc", "serial")
    search_fields = ("=sscc", "serial", "=uuid")
    permissions = {
        "move": permissions.MOVE_UNIT,
        "pack": permissions.MOVE_UNIT,
        "take_out": permissions.MOVE_UNIT,
    }

    def visible_to(self, principal: Principal) -> models.QuerySet[HandlingUnit]:
        rows = HandlingUnit.objects.select_related("parent", "location", "variant")
        rows = rows.prefetch_related("contents__variant")
        return selectors.limit_to_places(rows, principal, "location_id", "parent__location_id")

    def create_row(self, serializer: Any) -> HandlingUnit:
        fields = dict(serializer.validated_data)
        place, variant = fields.pop("location"), fields.pop("variant", None)
        variant_id = variant.pk if variant else None
        return services.create_handling_unit(location_id=place.pk, variant_id=variant_id, **fields)

    def change_row(self, row: HandlingUnit, serializer: Any) -> HandlingUnit:
        return services.change_handling_unit(row, **serializer.validated_data)

    @verb(bodies.MoveBody)
    def move(self, unit: HandlingUnit, data: dict[str, Any]) -> HandlingUnit:
        """Move it with everything in it."""
        services.move_handling_unit(unit.pk, location_id=data.pop("location"), **data)
        return unit

    @verb(bodies.IntoBody)
    def pack(self, unit: HandlingUnit, data: dict[str, Any]) -> HandlingUnit:
        """Pack it into another unit standing in the same place."""
        services.pack_unit(unit.pk, into_id=data["into"])
        return unit

    @verb()
    def take_out(self, unit: HandlingUnit, data: dict[str, Any]) -> HandlingUnit:
        """Take it out of the unit it is packed in."""
        services.take_out_unit(unit.pk)
        return unit
