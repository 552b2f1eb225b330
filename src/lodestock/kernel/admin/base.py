"""Base classes of the back office, and the history: read-only, by record."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from lodestock.kernel.context import acting
from lodestock.kernel.db import transaction
from lodestock.kernel.models import History

from .columns import Column, readable


class ReadableAdmin(ModelAdmin):
    """A list whose columns read by the kind of their field (see ``columns``)."""

    show_full_result_count = False

    def get_list_display(self, request: HttpRequest) -> list[Column]:
        return readable(self.model, super().get_list_display(request))


class ReadOnlyAdmin(ReadableAdmin):
    """For facts and projections: looked at, never edited by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class RecordAdmin(ReadableAdmin):
    """For masters and documents: "delete" deactivates, and a change says who made it."""

    readonly_fields: tuple[str, ...] = ("created_at", "updated_at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with acting(actor_id=request.user.pk, reason="back office"), transaction():
            super().save_model(request, obj, form, change)


@admin.register(History)
class HistoryAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "table_name", "record_id", "operation", "actor_id", "reason")
    list_filter = ("operation", "table_name")
    search_fields = ("table_name", "=record_id", "reason")
