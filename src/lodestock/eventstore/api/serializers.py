"""How events look over HTTP: the envelope of the catalogue, keys as public ids."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lodestock.eventstore.models import Event, ParkedEvent
from lodestock.eventstore.public import public_payload
from lodestock.kernel import ids
from lodestock.kernel.api.fields import OwnSqidField, SqidField
from lodestock.kernel.api.serializers import RecordSerializer


class EventSerializer(RecordSerializer):
    """One event. ``position`` is its place in the reading order; null for a moment after it
    was recorded. ``seq`` is the version of its aggregate.
    """

    position = serializers.IntegerField(read_only=True, allow_null=True)
    aggregate = serializers.SerializerMethodField(
        help_text="Public id of what it happened to; null when that has none."
    )
    timestamp = serializers.DateTimeField(source="occurred_at", read_only=True)
    actor = SqidField("accounts.user", source="actor_id", read_only=True)
    site = SqidField("organisation.site", source="site_id", read_only=True)
    payload = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = (
            "sqid",
            "position",
            "event_id",
            "event_type",
            "schema_version",
            "aggregate_type",
            "aggregate",
            "seq",
            "timestamp",
            "recorded_at",
            "actor",
            "site",
            "correlation_id",
            "causation_id",
            "payload",
        )
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"]})
    def get_aggregate(self, event: Event) -> str | None:
        """The aggregate's public id, if its model is known."""
        label = label_of(event.aggregate_type)
        return ids.encode(label, event.aggregate_id) if label else None

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_payload(self, event: Event) -> dict[str, Any]:
        """See ``eventstore.public``."""
        return public_payload(event.event_type, event.schema_version, event.payload)


class ParkedEventSerializer(RecordSerializer):
    """An event that a subscriber failed on, and when it is tried again."""

    sqid = OwnSqidField()
    event = SqidField("eventstore.event", source="event_id", read_only=True)

    class Meta:
        model = ParkedEvent
        fields = (
            "sqid",
            "subscription",
            "position",
            "event",
            "event_type",
            "state",
            "attempts",
            "next_attempt_at",
            "error",
            "parked_at",
        )
        read_only_fields = fields


class SubscriptionSerializer(serializers.Serializer[Any]):
    """Where one subscriber stands."""

    name = serializers.CharField()
    position = serializers.IntegerField()
    behind = serializers.IntegerField(help_text="Positions not dealt with.")
    behind_seconds = serializers.FloatField(help_text="Age of the oldest of them.")
    waiting = serializers.IntegerField(help_text="Parked, will be tried again.")
    dead = serializers.IntegerField(help_text="Parked, needs a person.")


def label_of(aggregate_type: str) -> str:
    """The model label whose name an aggregate type is, e.g. ``sales.salesorder``; or nothing."""
    return _labels().get(aggregate_type.lower(), "")


def _labels() -> dict[str, str]:
    return {label.rpartition(".")[2]: label for label in ids.known_labels()}
