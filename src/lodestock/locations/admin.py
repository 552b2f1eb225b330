"""The back office of places."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from lodestock.kernel.admin import RecordAdmin

from .models import Location


@admin.register(Location)
class LocationAdmin(RecordAdmin):
    """Looked at and described here; created, moved and closed by the verbs of the API."""

    list_display = ("path", "kind", "type", "site", "department", "status", "holds_stock", "active")
    list_filter = ("active", "kind", "status", "type", "site", "temperature_band")
    list_select_related = ("site", "department")
    search_fields = ("path", "name", "gln")
    readonly_fields = (
        *("parent", "site", "kind", "virtual_kind", "code", "path", "status", "active"),
        *("created_at", "updated_at"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
