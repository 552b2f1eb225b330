"""Filters of shipping's lists."""

from __future__ import annotations

import django_filters

from lodestock.kernel.api.filters import RecordFilterSet, StrictFilterSet
from lodestock.shipping.models import Parcel, Shipment, ShipmentLine, TrackingEvent


class ShipmentFilterSet(RecordFilterSet):
    """``departed_after`` is included, ``departed_before`` is not; likewise for deliveries."""

    departed_after = django_filters.IsoDateTimeFilter("departed_at", lookup_expr="gte")
    departed_before = django_filters.IsoDateTimeFilter("departed_at", lookup_expr="lt")
    delivered_after = django_filters.IsoDateTimeFilter("delivered_at", lookup_expr="gte")
    delivered_before = django_filters.IsoDateTimeFilter("delivered_at", lookup_expr="lt")

    class Meta:
        model = Shipment
        fields = (
            *("status", "direction", "direct", "mode", "carrier", "origin_partner"),
            *("destination_partner", "cause_type", "cause_id", "tracking_no", "source"),
            *("external_id", "number"),
        )


class ShipmentLineFilterSet(RecordFilterSet):
    class Meta:
        model = ShipmentLine
        fields = ("shipment", "variant", "weight_meaning", "freight_meaning", "external_key")


class ParcelFilterSet(RecordFilterSet):
    class Meta:
        model = Parcel
        fields = ("shipment", "sscc", "tracking_no")


class TrackingEventFilterSet(StrictFilterSet):
    class Meta:
        model = TrackingEvent
        fields = {
            "shipment": ["exact"],
            "parcel": ["exact"],
            "code": ["exact"],
            "verb": ["exact"],
            "occurred_at": ["gte", "lt"],
        }
