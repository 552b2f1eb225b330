"""Filters of the organisation's lists."""

from __future__ import annotations

from lodestock.kernel.api.filters import RecordFilterSet
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


class SiteFilterSet(RecordFilterSet):
    class Meta:
        model = Site
        fields = ("code", "currency", "country", "time_zone", "allow_negative_stock")


class DepartmentFilterSet(RecordFilterSet):
    class Meta:
        model = Department
        fields = ("site", "code")


class CalendarFilterSet(RecordFilterSet):
    class Meta:
        model = Calendar
        fields = ("code",)


class CalendarDayFilterSet(RecordFilterSet):
    class Meta:
        model = CalendarDay
        fields = {"calendar": ["exact"], "date": ["exact", "gte", "lte"], "working": ["exact"]}


class CurrencyFilterSet(RecordFilterSet):
    class Meta:
        model = Currency
        fields = ("code", "minor_unit")


class CurrencyRateFilterSet(RecordFilterSet):
    class Meta:
        model = CurrencyRate
        fields = {
            "currency": ["exact"],
            "quote_currency": ["exact"],
            "date": ["exact", "gte", "lte"],
            "source": ["exact"],
        }


class UomFilterSet(RecordFilterSet):
    class Meta:
        model = Uom
        fields = ("code", "dimension", "is_base")


class NumberSeriesFilterSet(RecordFilterSet):
    class Meta:
        model = NumberSeries
        fields = ("code", "restart")


class ReasonCodeFilterSet(RecordFilterSet):
    class Meta:
        model = ReasonCode
        fields = ("code", "family", "note_required")
