"""The back office of shipping. Shipments change by their verbs, not by hand."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import TabularInline

from lodestock.kernel.admin import ReadOnlyAdmin

from .models import Parcel, Shipment, ShipmentLine, TrackingEvent


class ShipmentLineInline(TabularInline):
    model = ShipmentLine
    fields = readonly_fields = (
        *("line_no", "variant", "quantity", "weight_kg", "weight_meaning"),
        *("freight_cost", "freight_meaning"),
    )
    extra = 0
    can_delete = False


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    list_display = (
        *("number", "direction", "status", "carrier", "tracking_no", "scheduled_on"),
        *("departed_at", "delivered_at", "cause_id"),
    )
    list_filter = ("status", "direction", "direct", "mode")
    list_select_related = ("carrier",)
    search_fields = ("number", "external_id", "tracking_no", "cause_id")
    inlines = (ShipmentLineInline,)


@admin.register(ShipmentLine)
class ShipmentLineAdmin(ReadOnlyAdmin):
    list_display = ("shipment", "line_no", "variant", "quantity", "weight_meaning")
    list_filter = ("weight_meaning", "freight_meaning")
    list_select_related = ("shipment", "variant")
    search_fields = ("shipment__number", "variant__sku", "external_key")


@admin.register(Parcel)
class ParcelAdmin(ReadOnlyAdmin):
    list_display = ("shipment", "parcel_no", "sscc", "tracking_no", "weight_kg")
    list_filter = ("active",)
    list_select_related = ("shipment",)
    search_fields = ("shipment__number", "sscc", "tracking_no")


@admin.register(TrackingEvent)
class TrackingEventAdmin(ReadOnlyAdmin):
    list_display = ("occurred_at", "shipment", "code", "verb", "place")
    list_filter = ("code", "verb")
    list_select_related = ("shipment",)
    search_fields = ("shipment__number", "code", "description")
