"""The organisation over HTTP. Everybody who may look sees all of it."""

from __future__ import annotations

from typing import Any

from lodestock.kernel.api.viewsets import RecordViewSet
from lodestock.kernel.principals import Principal
from lodestock.organisation import selectors, services
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

from . import filters, serializers


class SiteViewSet(RecordViewSet[Site]):
    """Places of business."""

    model = Site
    serializer_class = serializers.SiteSerializer
    filterset_class = filters.SiteFilterSet
    ordering_fields = ("code", "name", "created_at", "updated_at")
    ordering = ("code",)
    search_fields = ("code", "name")

    def visible_to(self, principal: Principal) -> Any:
        return selectors.sites_visible_to(principal)

    def create_row(self, serializer: Any) -> Site:
        return services.save_site(Site(**serializer.validated_data))


class DepartmentViewSet(RecordViewSet[Department]):
    """Organisational owners of people and locations."""

    model = Department
    serializer_class = serializers.DepartmentSerializer
    filterset_class = filters.DepartmentFilterSet
    ordering_fields = ("code", "name", "created_at", "updated_at")
    ordering = ("code",)
    search_fields = ("code", "name")

    def visible_to(self, principal: Principal) -> Any:
        return selectors.departments_visible_to(principal)

    def scope_of(self, obj: Department) -> dict[str, int | None]:
        return {} if self.action in {"retrieve", "history"} else {"department": obj.pk}


class CalendarViewSet(RecordViewSet[Calendar]):
    """Which weekdays are worked."""

    model = Calendar
    serializer_class = serializers.CalendarSerializer
    filterset_class = filters.CalendarFilterSet
    ordering_fields = ("code", "name", "created_at")
    ordering = ("code",)
    search_fields = ("code", "name")

    def visible_to(self, principal: Principal) -> Any:
        return Calendar.objects.all()


class CalendarDayViewSet(RecordViewSet[CalendarDay]):
    """Holidays, and days worked against the rule."""

    model = CalendarDay
    serializer_class = serializers.CalendarDaySerializer
    filterset_class = filters.CalendarDayFilterSet
    ordering_fields = ("date", "created_at")
    ordering = ("date",)
    search_fields = ("name",)

    def visible_to(self, principal: Principal) -> Any:
        return CalendarDay.objects.all()


class CurrencyViewSet(RecordViewSet[Currency]):
    """Currencies and the decimals they are rounded to."""

    model = Currency
    serializer_class = serializers.CurrencySerializer
    serializers_by_version = {"2": {"*": serializers.CurrencySerializerV2}}
    filterset_class = filters.CurrencyFilterSet
    ordering_fields = ("code", "name", "created_at")
    ordering = ("code",)
    search_fields = ("code", "name")

    def visible_to(self, principal: Principal) -> Any:
        return Currency.objects.all()


class CurrencyRateViewSet(RecordViewSet[CurrencyRate]):
    """Exchange rates by day."""

    model = CurrencyRate
    serializer_class = serializers.CurrencyRateSerializer
    filterset_class = filters.CurrencyRateFilterSet
    ordering_fields = ("date", "rate", "created_at")
    ordering = ("-date",)
    search_fields = ("currency__code", "quote_currency__code", "source")

    def visible_to(self, principal: Principal) -> Any:
        return CurrencyRate.objects.all()


class UomViewSet(RecordViewSet[Uom]):
    """Units of measure."""

    model = Uom
    serializer_class = serializers.UomSerializer
    filterset_class = filters.UomFilterSet
    ordering_fields = ("code", "name", "dimension", "created_at")
    ordering = ("code",)
    search_fields = ("code", "name")

    def visible_to(self, principal: Principal) -> Any:
        return Uom.objects.all()


class NumberSeriesViewSet(RecordViewSet[NumberSeries]):
    """How documents are numbered."""

    model = NumberSeries
    serializer_class = serializers.NumberSeriesSerializer
    filterset_class = filters.NumberSeriesFilterSet
    ordering_fields = ("code", "name", "created_at")
    ordering = ("code",)
    search_fields = ("code", "name")

    def visible_to(self, principal: Principal) -> Any:
        return NumberSeries.objects.all()


class ReasonCodeViewSet(RecordViewSet[ReasonCode]):
    """Reasons, numbered in families."""

    model = ReasonCode
    serializer_class = serializers.ReasonCodeSerializer
    filterset_class = filters.ReasonCodeFilterSet
    ordering_fields = ("number", "code", "name", "created_at")
    ordering = ("number",)
    search_fields = ("code", "name")

    def visible_to(self, principal: Principal) -> Any:
        return ReasonCode.objects.all()
