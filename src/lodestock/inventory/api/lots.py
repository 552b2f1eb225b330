"""Lots and stock periods over HTTP."""

from __future__ import annotations

from typing import Any

from django.db import models

from lodestock.inventory import permissions, services
from lodestock.inventory.models import Lot, StockPeriod
from lodestock.kernel.api.serializers import ReasonBody, ReasonRequired
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import RecordViewSet
from lodestock.kernel.principals import Principal

from . import filters, serializers


class LotViewSet(RecordViewSet[Lot]):
    """Goods made together, expiring together. Holding a lot moves no stock."""

    model = Lot
    serializer_class = serializers.LotSerializer
    filterset_class = filters.LotFilterSet
    ordering_fields = ("code", "expires_on", "made_on", "created_at")
    search_fields = ("code", "variant__sku")
    permissions = {
        "hold": permissions.HOLD_LOT,
        "release": permissions.HOLD_LOT,
        "scrap": permissions.HOLD_LOT,
    }

    def visible_to(self, principal: Principal) -> models.QuerySet[Lot]:
        return Lot.objects.select_related("variant", "supplier")

    def create_row(self, serializer: Any) -> Lot:
        fields = dict(serializer.validated_data)
        variant = fields.pop("variant")
        return services.create_lot(variant_id=variant.pk, **fields)

    def change_row(self, row: Lot, serializer: Any) -> Lot:
        return services.change_lot(row, **serializer.validated_data)

    @verb(ReasonRequired)
    def hold(self, lot: Lot, data: dict[str, Any]) -> Lot:
        """Block it: nothing of it may be promised."""
        return services.hold_lot(lot, **data)

    @verb(ReasonBody)
    def release(self, lot: Lot, data: dict[str, Any]) -> Lot:
        """Let it be promised (again)."""
        return services.release_lot(lot, **data)

    @verb(ReasonRequired)
    def scrap(self, lot: Lot, data: dict[str, Any]) -> Lot:
        """Give a blocked lot up for good."""
        return services.scrap_lot(lot, **data)


class StockPeriodViewSet(RecordViewSet[StockPeriod]):
    """Spans of time; a closed one takes no posting without permission."""

    model = StockPeriod
    serializer_class = serializers.StockPeriodSerializer
    filterset_class = filters.StockPeriodFilterSet
    ordering_fields = ("starts_at", "ends_at", "code")
    ordering = ("-starts_at",)
    search_fields = ("code",)
    permissions = {
        "create": permissions.CLOSE_PERIOD,
        "partial_update": permissions.CLOSE_PERIOD,
        "destroy": permissions.CLOSE_PERIOD,
        "restore": permissions.CLOSE_PERIOD,
        "close": permissions.CLOSE_PERIOD,
        "reopen": permissions.CLOSED,
    }

    def visible_to(self, principal: Principal) -> models.QuerySet[StockPeriod]:
        return StockPeriod.objects.all()

    def create_row(self, serializer: Any) -> StockPeriod:
        return services.create_period(**serializer.validated_data)

    def change_row(self, row: StockPeriod, serializer: Any) -> StockPeriod:
        return services.change_period(row, **serializer.validated_data)

    @verb(ReasonBody)
    def close(self, period: StockPeriod, data: dict[str, Any]) -> StockPeriod:
        """Nothing more is posted into it without permission."""
        return services.close_period(period, **data)

    @verb(ReasonRequired)
    def reopen(self, period: StockPeriod, data: dict[str, Any]) -> StockPeriod:
        """Take postings again."""
        return services.reopen_period(period, **data)
