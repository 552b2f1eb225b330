"""How shipping's rows look over HTTP, and what its verbs take."""

from __future__ import annotations

from rest_framework import serializers

from lodestock.kernel.api.fields import OwnSqidField, QuantityField, SqidField
from lodestock.kernel.api.serializers import RecordSerializer, StrictSerializer
from lodestock.shipping.models import Parcel, Shipment, ShipmentLine, TrackingEvent
from lodestock.shipping.types import Direction, Mode

TAIL = ("active", "created_at", "updated_at")


class ShipmentSerializer(RecordSerializer):
    """A shipment. A missing weight or freight cost says why in its ``…_meaning``."""

    currency = serializers.CharField(source="currency_id", read_only=True, allow_null=True)

    class Meta:
        model = Shipment
        fields = (
            *("sqid", "number", "direction", "direct", "status", "carrier", "service", "mode"),
            *("tracking_no", "origin_partner", "destination_partner", "origin_location"),
            *("destination_location", "scheduled_on", "planned_at", "departed_at", "delivered_at"),
            *("pod_received_by", "pod_received_at", "pod_file_sha256", "weight_kg"),
            *("weight_meaning", "freight_cost", "freight_meaning", "currency", "cause_type"),
            *("cause_id", "source", "external_id", *TAIL),
        )
        read_only_fields = fields


class ShipmentLineSerializer(RecordSerializer):
    """Goods on a shipment. ``weight_line`` and ``freight_line``: the line the figure stands on."""

    sku = serializers.CharField(source="variant.sku", read_only=True)

    class Meta:
        model = ShipmentLine
        fields = (
            *("sqid", "shipment", "line_no", "variant", "sku", "quantity", "cause_line"),
            *("external_key", "weight_kg", "weight_meaning", "weight_line", "freight_cost"),
            *("freight_meaning", "freight_line", "insurance_cost", "insurance_meaning", *TAIL),
        )
        read_only_fields = fields


class ParcelSerializer(RecordSerializer):
    class Meta:
        model = Parcel
        fields = ("sqid", "shipment", "parcel_no", "sscc", "tracking_no", "weight_kg", *TAIL)
        read_only_fields = ("shipment", "parcel_no", "active")


class TrackingEventSerializer(serializers.ModelSerializer[TrackingEvent]):
    """What a carrier reported; ``verb`` is the step it led to, if it led to one."""

    sqid = OwnSqidField()
    shipment = SqidField("shipping.shipment", source="shipment_id", read_only=True)
    parcel = SqidField("shipping.parcel", source="parcel_id", read_only=True)

    class Meta:
        model = TrackingEvent
        fields = (
            *("sqid", "shipment", "parcel", "code", "description", "place", "verb"),
            *("occurred_at", "recorded_at", "source", "external_id"),
        )
        read_only_fields = fields


class NewLine(StrictSerializer):
    """Goods to be shipped; ``quantity`` in the variant's base unit."""

    variant = SqidField("catalog.variant")
    quantity = QuantityField()
    cause_line = serializers.CharField(required=False, default="", max_length=80)


class NewShipment(StrictSerializer):
    """A shipment to be planned."""

    direction = serializers.ChoiceField([d.value for d in Direction])
    lines = NewLine(many=True, allow_empty=False)
    cause_type = serializers.CharField(required=False, default="", max_length=40)
    cause_id = serializers.CharField(required=False, default="", max_length=80)
    carrier = SqidField("partners.partner", required=False, default=None, allow_null=True)
    service = serializers.CharField(required=False, default="", max_length=80)
    mode = serializers.ChoiceField([m.value for m in Mode], required=False, default="unstated")
    tracking_no = serializers.CharField(required=False, default="", max_length=80)
    origin_partner = SqidField("partners.partner", required=False, default=None)
    destination_partner = SqidField("partners.partner", required=False, default=None)
    origin_location = SqidField("locations.location", required=False, default=None)
    destination_location = SqidField("locations.location", required=False, default=None)
    scheduled_on = serializers.DateField(required=False, default=None)


class StepBody(StrictSerializer):
    """When and where a step happened; now unless said otherwise."""

    occurred_at = serializers.DateTimeField(required=False, default=None)
    place = serializers.CharField(required=False, default="", max_length=160)


class DeliveryBody(StepBody):
    """A delivery with its proof: who took the goods, and the sha256 of the signed paper."""

    received_by = serializers.CharField(required=False, default="", max_length=160)
    received_at = serializers.DateTimeField(required=False, default=None)
    file_sha256 = serializers.RegexField(r"^([0-9a-f]{64})?$", required=False, default="")


class MachineStep(StepBody):
    """Any verb of the shipment's machine."""

    verb = serializers.CharField(max_length=40)
    reason = serializers.CharField(required=False, default="", max_length=255)


class NewParcel(StrictSerializer):
    sscc = serializers.CharField(required=False, default=None, max_length=18)
    tracking_no = serializers.CharField(required=False, default="", max_length=80)
    weight_kg = QuantityField(required=False, default=None)


class NewTracking(StrictSerializer):
    """A carrier's message. The same ``source`` and ``external_id`` twice changes nothing."""

    code = serializers.CharField(max_length=40)
    verb = serializers.CharField(required=False, default="", max_length=40)
    occurred_at = serializers.DateTimeField(required=False, default=None)
    place = serializers.CharField(required=False, default="", max_length=160)
    description = serializers.CharField(required=False, default="", max_length=255)
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, default="", max_length=80
    )
    external_id = serializers.CharField(required=False, default="", max_length=120)
