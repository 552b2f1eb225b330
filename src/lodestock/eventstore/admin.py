"""The log in the back office: looked at, never touched."""

from __future__ import annotations

from django.contrib import admin

from lodestock.kernel.admin import ReadOnlyAdmin

from .models import Checkpoint, Event, EventPosition, IdempotencyKey, ParkedEvent, SequencerState


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("id", "event_type", "aggregate_type", "aggregate_id", "seq", "occurred_at")
    list_filter = ("aggregate_type", "event_type")
    search_fields = ("event_type", "aggregate_type", "=aggregate_id")


@admin.register(EventPosition)
class EventPositionAdmin(ReadOnlyAdmin):
    list_display = ("position", "event_id", "correlation_id", "sequenced_at")
    search_fields = ("=position", "=event_id", "=correlation_id")


@admin.register(SequencerState)
class SequencerStateAdmin(ReadOnlyAdmin):
    list_display = ("last_position", "cursor_txid", "cursor_event_id", "fence_id", "updated_at")


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnlyAdmin):
    list_display = ("subscription", "position", "quiet_upto", "updated_at")
    search_fields = ("subscription",)


@admin.register(ParkedEvent)
class ParkedEventAdmin(ReadOnlyAdmin):
    list_display = ("subscription", "position", "event_type", "state", "attempts", "error")
    list_filter = ("state", "subscription")
    search_fields = ("subscription", "event_type", "error")


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    list_display = ("principal", "route", "status", "created_at", "expires_at")
    list_filter = ("status",)
    search_fields = ("principal", "route")
    exclude = ("body",)
