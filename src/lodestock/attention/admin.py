"""Cases in the back office: looked at and searched; steps are taken through the API."""

from __future__ import annotations

from django.contrib import admin

from lodestock.kernel.admin import ReadOnlyAdmin

from .models import ExceptionCase


@admin.register(ExceptionCase)
class ExceptionCaseAdmin(ReadOnlyAdmin):
    list_display = ("title", "severity", "status", "rule", "count", "last_seen", "owner")
    list_filter = ("status", "severity", "type")
    list_select_related = ("owner",)
    search_fields = ("title", "rule", "subject_type")
    date_hierarchy = "first_seen"
