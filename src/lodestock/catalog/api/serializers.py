"""How the catalogue's rows look over HTTP."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lodestock.catalog.api.fields import AttributesJSONField
from lodestock.catalog.models import Category, Product, Variant, VariantUom
from lodestock.catalog.types import HAZARD_CLASSES, AbcClass, OptionSpec, TemperatureBand, Tracking
from lodestock.kernel.api.codes import CodeField
from lodestock.kernel.api.fields import ExactDecimalField, PriceField, QuantityField
from lodestock.kernel.api.serializers import RecordSerializer, StrictSerializer

TAIL = ("active", "created_at", "updated_at")


class CategorySerializer(RecordSerializer):
    """A category; ``parent`` is null at the top of the tree."""

    class Meta:
        model = Category
        fields = ("sqid", "code", "name", "parent", "position", *TAIL)
        read_only_fields = ("active",)
        # Uniqueness is the service's to refuse, with 409 and the next step.
        extra_kwargs: ClassVar[dict[str, Any]] = {"code": {"validators": []}}
        validators: ClassVar[list[Any]] = []


class OptionSerializer(StrictSerializer):
    """One axis of a product and its values, in order."""

    name = serializers.CharField(max_length=63)
    values = serializers.ListField(
        child=serializers.CharField(max_length=60), min_length=1, max_length=500
    )

    def to_internal_value(self, data: Any) -> OptionSpec:
        given = super().to_internal_value(data)
        return OptionSpec(given["name"], given["values"])

    def to_representation(self, instance: Any) -> Any:
        return {"name": instance["name"], "values": instance["values"]}


class ProductSerializer(RecordSerializer):
    """A product. ``base_uom`` is a unit's code and fixed for ever.

    On creation ``sku`` is the stem of the variants' SKUs and ``skus`` names other ones by
    combination (``{"colour=red|size=M": "TS-R-M"}``).
    """

    base_uom = CodeField(max_length=16, default="each")
    options = OptionSerializer(many=True, required=False)
    sku = serializers.CharField(write_only=True, required=False, max_length=64)
    skus = serializers.DictField(
        child=serializers.CharField(max_length=64), write_only=True, required=False
    )
    tracking = serializers.ChoiceField([t.value for t in Tracking], write_only=True, required=False)

    class Meta:
        model = Product
        fields = (
            *("sqid", "code", "name", "kind", "category", "base_uom", "options", "description"),
            *("sku", "skus", "tracking", *TAIL),
        )
        read_only_fields = ("active",)
        extra_kwargs: ClassVar[dict[str, Any]] = {"code": {"validators": []}}


class VariantSerializer(RecordSerializer):
    """The stocked thing. ``options`` (on creation) names the combination of option values."""

    sku = serializers.CharField(max_length=64)
    gtin = serializers.CharField(max_length=20, required=False, allow_null=True)
    name = serializers.CharField(max_length=255, required=False)
    kind = serializers.CharField(source="product.kind", read_only=True)
    base_uom = CodeField(source="product.base_uom", read_only=True)
    attributes = AttributesJSONField(required=False)
    options = serializers.DictField(child=serializers.CharField(), write_only=True, required=False)
    standard_cost = PriceField(required=False, allow_null=True)
    currency = CodeField(max_length=3, required=False, allow_null=True)
    tracking = serializers.ChoiceField([t.value for t in Tracking], required=False)
    abc = serializers.ChoiceField([a.value for a in AbcClass], required=False, allow_blank=True)
    temperature_band = serializers.ChoiceField(
        [band.value for band in TemperatureBand], required=False, allow_blank=True
    )
    hazard_class = serializers.ChoiceField(HAZARD_CLASSES, required=False, allow_blank=True)
    shelf_life_days = serializers.IntegerField(required=False, allow_null=True)

    class Meta:
        model = Variant
        fields = (
            *("sqid", "product", "sku", "gtin", "name", "kind", "base_uom", "options"),
            *("option_key", "attributes", "tracking", "shelf_life_days", "abc"),
            *("temperature_band", "hazard_class", "weight_kg", "length_mm", "width_mm"),
            *("height_mm", "catch_weight", "standard_cost", "currency", *TAIL),
        )
        read_only_fields = ("active", "option_key")
        validators: ClassVar[list[Any]] = []


class VariantUnitSerializer(RecordSerializer):
    """``factor`` base units are in one ``uom``: ``"12"``, ``"0.25"`` or ``"10/3"``, exactly."""

    uom = CodeField(max_length=16)
    factor = serializers.CharField(max_length=40)
    base_uom = CodeField(source="variant.product.base_uom", read_only=True)
    gtin = serializers.CharField(max_length=20, required=False, allow_null=True)

    class Meta:
        model = VariantUom
        fields = ("sqid", "variant", "uom", "factor", "base_uom", "gtin", *TAIL)
        read_only_fields = ("active",)
        validators: ClassVar[list[Any]] = []


class AddOptionValues(StrictSerializer):
    """Values to add to one option of a product."""

    option = serializers.CharField(max_length=63)
    values = serializers.ListField(
        child=serializers.CharField(max_length=60), min_length=1, max_length=500
    )
    skus = serializers.DictField(child=serializers.CharField(max_length=64), required=False)


class AddOption(AddOptionValues):
    """A new option; the present variants become ``existing`` in it."""

    existing = serializers.CharField(max_length=60)


class ConversionQuery(StrictSerializer):
    """What to convert: ``quantity`` of ``uom`` to the unit ``to`` (the base unit without)."""

    quantity = QuantityField()
    uom = serializers.CharField(max_length=16)
    to = serializers.CharField(max_length=16, required=False)


class ConversionSerializer(serializers.Serializer[Any]):
    """The same quantity in another unit, exactly."""

    quantity = ExactDecimalField()
    uom = serializers.CharField()
    result = ExactDecimalField()
    to = serializers.CharField()
    factor = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "examples": ["480", "10/3"]})
    def get_factor(self, conversion: dict[str, Any]) -> str:
        """Units ``to`` in one ``uom``, as a fraction."""
        return str(conversion["factor"])
