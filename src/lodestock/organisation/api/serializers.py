"""How the organisation's rows look over HTTP."""

from __future__ import annotations

from rest_framework import serializers

from lodestock.kernel import clock
from lodestock.kernel.api.serializers import RecordSerializer
from lodestock.kernel.errors import LodestockError
from lodestock.organisation.domain.numbers import check_pattern
from lodestock.organisation.models import (
    Calendar,
    CalendarDay,
    Currency,
    CurrencyRate,
    Department,
    NumberSeries,
    ReasonCode,
    Site,
    Uom,
)

HEAD = ("sqid",)
TAIL = ("active", "created_at", "updated_at")


class SiteSerializer(RecordSerializer):
    """A site; ``time_zone`` is an IANA name."""

    class Meta:
        model = Site
        fields = (
            *HEAD,
            "code",
            "name",
            "time_zone",
            "currency",
            "calendar",
            "country",
            "gln",
            "location_grammar",
            "allow_negative_stock",
            *TAIL,
        )
        read_only_fields = ("active",)

    def validate_time_zone(self, value: str) -> str:
        try:
            clock.zone(value)
        except LodestockError as error:
            raise serializers.ValidationError(error.detail) from None
        return value


class DepartmentSerializer(RecordSerializer):
    class Meta:
        model = Department
        fields = (*HEAD, "site", "code", "name", *TAIL)
        read_only_fields = ("active",)


class CalendarSerializer(RecordSerializer):
    """``weekdays`` are ISO numbers, Monday 1 to Sunday 7."""

    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7), max_length=7, required=False
    )

    class Meta:
        model = Calendar
        fields = (*HEAD, "code", "name", "weekdays", *TAIL)
        read_only_fields = ("active",)


class CalendarDaySerializer(RecordSerializer):
    class Meta:
        model = CalendarDay
        fields = (*HEAD, "calendar", "date", "working", "name", *TAIL)
        read_only_fields = ("active",)


class CurrencySerializer(RecordSerializer):
    class Meta:
        model = Currency
        fields = (*HEAD, "code", "name", "minor_unit", *TAIL)
        read_only_fields = ("active",)


class CurrencySerializerV2(RecordSerializer):
    """Version 2 leaves out ``name``: currencies are named by the reader's own locale."""

    class Meta:
        model = Currency
        fields = (*HEAD, "code", "minor_unit", *TAIL)
        read_only_fields = ("active",)


class CurrencyRateSerializer(RecordSerializer):
    """One ``currency`` is worth ``rate`` ``quote_currency`` on ``date``."""

    class Meta:
        model = CurrencyRate
        fields = (*HEAD, "currency", "quote_currency", "date", "rate", "source", *TAIL)
        read_only_fields = ("active",)


class UomSerializer(RecordSerializer):
    """One of it is ``factor`` base units; null for packs, whose content is the variant's."""

    class Meta:
        model = Uom
        fields = (
            *HEAD,
            "code",
            "name",
            "dimension",
            "factor",
            "is_base",
            "decimal_places",
            *TAIL,
        )
        read_only_fields = ("active",)


class NumberSeriesSerializer(RecordSerializer):
    class Meta:
        model = NumberSeries
        fields = (*HEAD, "code", "name", "pattern", "restart", *TAIL)
        read_only_fields = ("active",)

    def validate_pattern(self, value: str) -> str:
        try:
            return check_pattern(value)
        except LodestockError as error:
            raise serializers.ValidationError(error.detail) from None


class ReasonCodeSerializer(RecordSerializer):
    class Meta:
        model = ReasonCode
        fields = (*HEAD, "code", "number", "family", "name", "note_required", *TAIL)
        read_only_fields = ("active",)
