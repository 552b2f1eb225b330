"""The back office of stock. The ledger is looked at here, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from lodestock.kernel.admin import ReadOnlyAdmin, RecordAdmin

from . import models


@admin.register(models.Posting)
class PostingAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "kind",
        "reference_type",
        "reference_id",
        "step",
        "line_count",
        "recorded_at",
    )
    list_filter = ("kind", "reference_type")
    search_fields = ("=reference_id", "=id")


@admin.register(models.Movement)
class MovementAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "kind",
        "variant",
        "lot",
        "quantity",
        "source",
        "destination",
        "recorded_at",
    )
    list_filter = ("kind", "source_status", "destination_status")
    list_select_related = ("variant", "lot", "source", "destination")
    search_fields = ("=id", "variant__sku")


@admin.register(models.Reversal)
class ReversalAdmin(ReadOnlyAdmin):
    list_display = ("movement_id", "reversing_posting", "recorded_at")
    list_filter = ("recorded_at",)
    list_select_related = ("reversing_posting",)
    search_fields = ("=movement_id",)


@admin.register(models.Balance)
class BalanceAdmin(ReadOnlyAdmin):
    list_display = (
        "variant",
        "location",
        "lot",
        "status",
        "owner",
        "on_hand",
        "reserved",
        "in_units",
    )
    list_filter = ("status", "tracking", "allow_negative")
    list_select_related = ("variant", "location", "lot", "owner")
    search_fields = ("variant__sku", "location__path")


@admin.register(models.Lot)
class LotAdmin(RecordAdmin):
    list_display = ("code", "variant", "status", "supplier", "expires_on", "active")
    list_filter = ("active", "status", "expires_on")
    list_select_related = ("variant", "supplier")
    search_fields = ("code", "variant__sku")
    autocomplete_fields = ("variant", "supplier")
    readonly_fields = ("status", "created_at", "updated_at")


@admin.register(models.StockPeriod)
class StockPeriodAdmin(RecordAdmin):
    list_display = ("code", "starts_at", "ends_at", "status", "closed_at")
    list_filter = ("status", "active")
    search_fields = ("code",)
    readonly_fields = ("status", "closed_at", "closed_by_id", "created_at", "updated_at")


@admin.register(models.HandlingUnit)
class HandlingUnitAdmin(RecordAdmin):
    """Described here; moved and packed by posting."""

    list_display = ("uuid", "kind", "sscc", "serial", "variant", "location", "parent", "active")
    list_filter = ("active", "kind")
    list_select_related = ("variant", "location", "parent")
    search_fields = ("=sscc", "serial", "=uuid")
    readonly_fields = ("uuid", "variant", "location", "parent", "created_at", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.HuContent)
class HuContentAdmin(ReadOnlyAdmin):
    list_display = ("hu", "variant", "lot", "status", "quantity")
    list_filter = ("status",)
    list_select_related = ("hu", "variant", "lot")
    search_fields = ("hu__sscc", "hu__serial", "variant__sku")


@admin.register(models.Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "reference_type",
        "reference_id",
        "variant",
        "quantity",
        "shortage",
        "status",
    )
    list_filter = ("status", "reference_type")
    list_select_related = ("variant",)
    search_fields = ("=reference_id", "variant__sku")


@admin.register(models.ReservationLine)
class ReservationLineAdmin(ReadOnlyAdmin):
    list_display = ("reservation", "variant", "location", "lot", "held", "consumed")
    list_filter = ("status",)
    list_select_related = ("reservation", "variant", "location", "lot")
    search_fields = ("reservation__reference_id", "variant__sku")


@admin.register(models.Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("axis", "boundary", "built_through", "row_count", "built_at")
    list_filter = ("axis",)
    search_fields = ("axis",)


@admin.register(models.LedgerState)
class LedgerStateAdmin(ReadOnlyAdmin):
    list_display = ("id", "sealed_until")
    list_filter = ("sealed_until",)
    search_fields = ("=id",)


@admin.register(models.MovementPartition)
class MovementPartitionAdmin(ReadOnlyAdmin):
    list_display = ("name", "range_start", "range_end", "occurred_min", "occurred_max")
    list_filter = ("range_start",)
    search_fields = ("name",)


@admin.register(models.Backdating)
class BackdatingAdmin(ReadOnlyAdmin):
    list_display = ("recorded_month", "occurred_month")
    list_filter = ("recorded_month",)
    search_fields = ("=recorded_month",)
