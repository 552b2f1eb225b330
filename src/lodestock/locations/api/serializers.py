"""How locations look over HTTP."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from lodestock.catalog.types import TemperatureBand
from lodestock.kernel.api.fields import SqidField, SqidRelatedField
from lodestock.kernel.api.serializers import RecordSerializer, StrictSerializer
from lodestock.locations.models import Location
from lodestock.locations.types import LocationKind, LocationType, VirtualKind

TAIL = ("active", "created_at", "updated_at")
PHYSICAL_KINDS = [kind.value for kind in LocationKind if kind != LocationKind.VIRTUAL]


class LocationSerializer(RecordSerializer):
    """A place; ``path`` follows from the parent's and the own code."""

    is_virtual = serializers.BooleanField(read_only=True)
    gln = serializers.CharField(max_length=20, required=False, allow_null=True)
    type = serializers.ChoiceField(
        [kind.value for kind in LocationType], required=False, allow_blank=True
    )
    temperature_band = serializers.ChoiceField(
        [band.value for band in TemperatureBand], required=False, allow_blank=True
    )
    holds_stock = serializers.BooleanField(required=False)
    mixed_item = serializers.BooleanField(required=False)
    mixed_lot = serializers.BooleanField(required=False)

    class Meta:
        model = Location
        fields = (
            *("sqid", "site", "parent", "department", "kind", "virtual_kind", "is_virtual", "type"),
            *("code", "path", "name", "status", "holds_stock", "gln", "x", "y", "level"),
            *("max_weight_kg", "max_volume_m3", "temperature_band", "mixed_item", "mixed_lot"),
            *("pick_sequence", *TAIL),
        )
        read_only_fields = ("active", "path", "status", "virtual_kind")
        extra_kwargs = {"site": {"required": True, "allow_null": False}}
        validators: ClassVar[list[Any]] = []


class MoveBody(StrictSerializer):
    """Where to (null: the top) and, if it changes, under which code."""

    parent = SqidRelatedField(  # type: ignore[assignment]  # DRF calls its own parent so
        queryset=Location.objects.all(), allow_null=True
    )
    code = serializers.CharField(max_length=40, required=False)


class GenerateBody(StrictSerializer):
    """``A{01..03}/R{01..10}/B{1..4}`` makes 3 aisles, 30 racks and 120 bins."""

    pattern = serializers.CharField(max_length=200)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(PHYSICAL_KINDS), required=False, max_length=12
    )


class GeneratedSerializer(serializers.Serializer[Any]):
    """How many places were created, and how many were there already."""

    created = serializers.IntegerField()
    existing = serializers.IntegerField()


class VirtualBody(StrictSerializer):
    """The kind of virtual location to give a site of its own."""

    site = SqidField("organisation.site")
    kind = serializers.ChoiceField([kind.value for kind in VirtualKind])
