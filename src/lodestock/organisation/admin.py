"""The back office of the organisation."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import TabularInline

from lodestock.kernel.admin import RecordAdmin

from .models import (
    Attachment,
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


@admin.register(Site)
class SiteAdmin(RecordAdmin):
    list_display = ("code", "name", "time_zone", "currency", "allow_negative_stock", "active")
    list_filter = ("active", "allow_negative_stock", "time_zone")
    list_select_related = ("currency",)
    search_fields = ("code", "name", "gln")


@admin.register(Department)
class DepartmentAdmin(RecordAdmin):
    list_display = ("code", "name", "site", "active")
    list_filter = ("active", "site")
    list_select_related = ("site",)
    search_fields = ("code", "name")


class CalendarDayInline(TabularInline):
    model = CalendarDay
    fields = ("date", "working", "name")
    extra = 0


@admin.register(Calendar)
class CalendarAdmin(RecordAdmin):
    list_display = ("code", "name", "weekdays", "active")
    list_filter = ("active",)
    search_fields = ("code", "name")
    inlines = (CalendarDayInline,)


@admin.register(CalendarDay)
class CalendarDayAdmin(RecordAdmin):
    list_display = ("date", "calendar", "working", "name", "active")
    list_filter = ("active", "working", "calendar")
    list_select_related = ("calendar",)
    search_fields = ("name", "calendar__code")
    date_hierarchy = "date"


@admin.register(Currency)
class CurrencyAdmin(RecordAdmin):
    list_display = ("code", "name", "minor_unit", "active")
    list_filter = ("active", "minor_unit")
    search_fields = ("code", "name")


@admin.register(CurrencyRate)
class CurrencyRateAdmin(RecordAdmin):
    list_display = ("date", "currency", "quote_currency", "rate", "source", "active")
    list_filter = ("active", "currency", "quote_currency")
    list_select_related = ("currency", "quote_currency")
    search_fields = ("currency__code", "quote_currency__code", "source")
    date_hierarchy = "date"


@admin.register(Uom)
class UomAdmin(RecordAdmin):
    list_display = ("code", "name", "dimension", "factor", "is_base", "active")
    list_filter = ("active", "dimension", "is_base")
    search_fields = ("code", "name")


@admin.register(NumberSeries)
class NumberSeriesAdmin(RecordAdmin):
    list_display = ("code", "name", "pattern", "restart", "active")
    list_filter = ("active", "restart")
    search_fields = ("code", "name", "pattern")


@admin.register(ReasonCode)
class ReasonCodeAdmin(RecordAdmin):
    list_display = ("number", "code", "family", "name", "note_required", "active")
    list_filter = ("active", "family", "note_required")
    search_fields = ("code", "name", "=number")


@admin.register(Attachment)
class AttachmentAdmin(RecordAdmin):
    """Files come in by the API; here they are looked at."""

    list_display = ("name", "media_type", "size_bytes", "subject_type", "created_at", "active")
    list_filter = ("active", "media_type", "subject_type")
    search_fields = ("name", "sha256")
    readonly_fields = (
        "subject_type",
        "subject_id",
        "sha256",
        "media_type",
        "size_bytes",
        "actor_id",
        "created_at",
        "updated_at",
    )
