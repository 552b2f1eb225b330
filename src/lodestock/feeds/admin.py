"""Feeds in the back office: looked at and searched; decisions are taken through the API."""

from __future__ import annotations

from django.contrib import admin

from lodestock.kernel.admin import ReadOnlyAdmin

from . import models


@admin.register(models.Feed)
class FeedAdmin(ReadOnlyAdmin):
    list_display = ("code", "title", "active", "created_at")
    list_filter = ("active",)
    search_fields = ("code", "title")


@admin.register(models.ContractVersion)
class ContractVersionAdmin(ReadOnlyAdmin):
    list_display = ("feed", "version", "status", "origin", "note", "created_at")
    list_filter = ("status", "origin", "feed")
    list_select_related = ("feed",)
    search_fields = ("feed__code", "note")


@admin.register(models.FeedHistory)
class FeedHistoryAdmin(ReadOnlyAdmin):
    list_display = ("feed", "form", "files", "rows", "updated_at")
    list_filter = ("feed",)
    list_select_related = ("feed",)
    search_fields = ("feed__code", "form")


@admin.register(models.RawFile)
class RawFileAdmin(ReadOnlyAdmin):
    list_display = ("name", "sha256", "size_bytes", "recorded_at")
    list_filter = ("recorded_at",)
    search_fields = ("name", "sha256")


@admin.register(models.RawRedaction)
class RawRedactionAdmin(ReadOnlyAdmin):
    list_display = ("raw_file", "reason", "recorded_at")
    list_filter = ("recorded_at",)
    list_select_related = ("raw_file",)
    search_fields = ("raw_file__name", "reason")


@admin.register(models.Import)
class ImportAdmin(ReadOnlyAdmin):
    list_display = (
        *("raw_file", "feed", "status", "received", "applied", "unchanged", "quarantined"),
        *("rejected", "created_at"),
    )
    list_filter = ("status", "dry_run", "feed")
    list_select_related = ("raw_file", "feed")
    search_fields = ("raw_file__name", "raw_file__sha256", "feed__code")


@admin.register(models.ImportProfile)
class ImportProfileAdmin(ReadOnlyAdmin):
    list_display = ("batch",)
    list_filter = ("batch__feed",)
    list_select_related = ("batch",)
    search_fields = ("batch__raw_file__name",)


@admin.register(models.DriftReport)
class DriftReportAdmin(ReadOnlyAdmin):
    list_display = ("batch", "status", "note", "decided_at", "created_at")
    list_filter = ("status", "batch__feed")
    list_select_related = ("batch",)
    search_fields = ("batch__raw_file__name", "note")


@admin.register(models.QuarantinedRow)
class QuarantinedRowAdmin(ReadOnlyAdmin):
    list_display = ("batch", "row_number", "status", "code", "field", "reason")
    list_filter = ("status", "code")
    list_select_related = ("batch",)
    search_fields = ("reason", "code")


@admin.register(models.FeedRow)
class FeedRowAdmin(ReadOnlyAdmin):
    list_display = ("feed", "document", "row_number", "place", "flag", "recorded_at")
    list_filter = ("feed", "flag")
    list_select_related = ("feed",)
    search_fields = ("=document",)


@admin.register(models.StagedRow)
class StagedRowAdmin(ReadOnlyAdmin):
    list_display = ("batch", "row_number", "row_class", "document")
    list_filter = ("row_class",)
    list_select_related = ("batch",)
    search_fields = ("=document",)


@admin.register(models.PlannedRow)
class PlannedRowAdmin(ReadOnlyAdmin):
    list_display = ("batch", "row_number", "seq", "fate")
    list_filter = ("fate",)
    list_select_related = ("batch",)
    search_fields = ("=row_number",)
