"""Background work in the back office."""

from __future__ import annotations

from django.contrib import admin

from lodestock.kernel.admin import ReadOnlyAdmin

from .models import Job, JobTally


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "status", "progress_message", "attempts", "created_at")
    list_filter = ("status", "kind")
    search_fields = ("kind", "=id", "=correlation_id", "error")


@admin.register(JobTally)
class JobTallyAdmin(ReadOnlyAdmin):
    list_display = ("kind", "status", "ended", "milliseconds")
    list_filter = ("status",)
    search_fields = ("kind",)
