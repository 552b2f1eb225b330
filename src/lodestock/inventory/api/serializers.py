"""How stock, movements, promises, lots and units look over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lodestock.inventory.models import (
    Balance,
    HandlingUnit,
    HuContent,
    Lot,
    Movement,
    Posting,
    Reservation,
    ReservationLine,
    StockPeriod,
)
from lodestock.kernel.api.fields import QuantityField, SqidField, SqidRelatedField
from lodestock.kernel.api.serializers import RecordSerializer

TAIL = ("active", "created_at", "updated_at")


def _lot_code(row: Any) -> str | None:
    return row.lot.code if row.lot else None


class StockSerializer(RecordSerializer):
    """Quantity of one article in one place, by lot, stock status and owner.

    ``reserved`` and ``available`` are null for another instant: promises are a matter of now.
    """

    variant = SqidField("catalog.variant", source="variant_id")
    sku = serializers.CharField(source="variant.sku")
    location = SqidField("locations.location", source="location_id")
    path = serializers.CharField(source="location.path")
    lot = SqidField("inventory.lot", source="lot_id")
    lot_code = serializers.SerializerMethodField()
    owner = SqidField("partners.partner", source="owner_id")
    expires_on = serializers.SerializerMethodField()
    available = QuantityField(read_only=True)

    class Meta:
        model = Balance
        fields = (
            *("sqid", "variant", "sku", "location", "path", "lot", "lot_code", "expires_on"),
            *("status", "owner", "on_hand", "reserved", "available", "in_units"),
        )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_lot_code(self, row: Balance) -> str | None:
        return _lot_code(row)

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_expires_on(self, row: Balance) -> Any:
        return row.lot.expires_on if row.lot else None

    def to_representation(self, instance: Balance) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        then = self.context.get("then")
        if then is not None:
            key = (
                *(instance.variant_id, instance.location_id, instance.lot_id),
                *(instance.status, instance.owner_id),
            )
            shown |= {"on_hand": f"{then.get(key, 0):.6f}", "in_units": None}
            shown |= {"reserved": None, "available": None}
        return shown


class SideSerializer(serializers.Serializer[Any]):
    """One side of a movement. No handling unit: loose; no owner: our own."""

    location = SqidField("locations.location")
    path = serializers.CharField()
    handling_unit = SqidField("inventory.handlingunit")
    status = serializers.CharField()
    owner = SqidField("partners.partner")


def _side(row: Movement, name: str) -> dict[str, Any]:
    place = getattr(row, name)
    side = {
        "location": place.pk,
        "path": place.path,
        "handling_unit": getattr(row, f"{name}_hu_id"),
        "status": getattr(row, f"{name}_status"),
        "owner": getattr(row, f"{name}_owner_id"),
    }
    return dict(SideSerializer(side).data)


class MovementSerializer(RecordSerializer):
    """A quantity of one article and lot, from one side to the other."""

    posting = SqidField("inventory.posting", source="posting_id")
    variant = SqidField("catalog.variant", source="variant_id")
    sku = serializers.CharField(source="variant.sku")
    lot = SqidField("inventory.lot", source="lot_id")
    lot_code = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()  # type: ignore[assignment]
    destination = serializers.SerializerMethodField()
    reference_type = serializers.CharField(source="posting.reference_type")

    class Meta:
        model = Movement
        fields = (
            *("sqid", "posting", "kind", "variant", "sku", "lot", "lot_code", "quantity"),
            *("source", "destination", "unit_cost", "currency", "reason_code", "reference_type"),
            *("occurred_at", "recorded_at"),
        )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_lot_code(self, row: Movement) -> str | None:
        return _lot_code(row)

    @extend_schema_field(SideSerializer)
    def get_source(self, row: Movement) -> dict[str, Any]:
        return _side(row, "source")

    @extend_schema_field(SideSerializer)
    def get_destination(self, row: Movement) -> dict[str, Any]:
        return _side(row, "destination")


class PostingSerializer(RecordSerializer):
    """One command to the ledger; its lines are ``movements?posting=…``."""

    digest = serializers.SerializerMethodField()

    class Meta:
        model = Posting
        fields = (
            *("sqid", "kind", "reference_type", "step", "reason", "line_count", "digest"),
            *("occurred_at", "recorded_at"),
        )

    def get_digest(self, row: Posting) -> str:
        return bytes(row.digest).hex()


class LotSerializer(RecordSerializer):
    """One lot of one article."""

    sku = serializers.CharField(source="variant.sku", read_only=True)

    class Meta:
        model = Lot
        fields = (
            *("sqid", "variant", "sku", "code", "status", "supplier", "made_on", "expires_on"),
            *("potency", "origin", "certificate", *TAIL),
        )
        read_only_fields = ("status", "active")


class StockPeriodSerializer(RecordSerializer):
    """A span of time that is closed as a whole."""

    class Meta:
        model = StockPeriod
        fields = ("sqid", "code", "starts_at", "ends_at", "status", "closed_at", *TAIL)
        read_only_fields = ("status", "active", "closed_at")


class ReservationLineSerializer(serializers.ModelSerializer[ReservationLine]):
    """What is held in one place."""

    location = SqidField("locations.location", source="location_id")
    lot = SqidField("inventory.lot", source="lot_id")
    held = QuantityField()
    consumed = QuantityField()

    class Meta:
        model = ReservationLine
        fields = ("location", "lot", "held", "consumed")


class ReservationSerializer(RecordSerializer):
    """A promise of stock to whoever the reference names."""

    variant = SqidField("catalog.variant", source="variant_id")
    sku = serializers.CharField(source="variant.sku")
    lines = ReservationLineSerializer(many=True)

    class Meta:
        model = Reservation
        fields = (
            *("sqid", "reference_type", "status", "variant", "sku", "quantity", "shortage"),
            *("expires_at", "created_at", "updated_at", "lines"),
        )


class ContentSerializer(serializers.ModelSerializer[HuContent]):
    """A quantity inside a handling unit."""

    variant = SqidField("catalog.variant", source="variant_id")
    sku = serializers.CharField(source="variant.sku")
    lot = SqidField("inventory.lot", source="lot_id")
    owner = SqidField("partners.partner", source="owner_id")
    quantity = QuantityField()

    class Meta:
        model = HuContent
        fields = ("variant", "sku", "lot", "status", "owner", "quantity")


class HandlingUnitSerializer(RecordSerializer):
    """A pallet, roll, case or piece; ``location`` stands on the outermost unit only."""

    parent = SqidRelatedField(read_only=True)  # type: ignore[assignment]
    contents = ContentSerializer(many=True, read_only=True)

    class Meta:
        model = HandlingUnit
        fields = (
            *("sqid", "uuid", "kind", "sscc", "serial", "variant", "parent", "location"),
            *("gross_kg", "tare_kg", "net_kg", "divisible", "contents", *TAIL),
        )
        read_only_fields = ("uuid", "active")
        extra_kwargs = {"location": {"required": True, "allow_null": False}}
        validators: list[Any] = []
