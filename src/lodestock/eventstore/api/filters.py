"""Filters of the log."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from lodestock.eventstore.models import Event, EventPosition, ParkedEvent
from lodestock.kernel import ids
from lodestock.kernel.api.filters import StrictFilterSet
from lodestock.kernel.errors import InvalidInput

from .serializers import label_of


class EventFilterSet(StrictFilterSet):
    """By type, aggregate, place in the order, chain of work and time."""

    event_type__in = django_filters.BaseInFilter("event_type", lookup_expr="in")
    aggregate = django_filters.CharFilter(
        method="of_aggregate", help_text="Public id; needs aggregate_type."
    )
    position_after = django_filters.NumberFilter("position", lookup_expr="gt")
    position_upto = django_filters.NumberFilter("position", lookup_expr="lte")
    correlation_id = django_filters.UUIDFilter(method="of_chain")
    occurred_after = django_filters.IsoDateTimeFilter("occurred_at", lookup_expr="gte")
    occurred_before = django_filters.IsoDateTimeFilter("occurred_at", lookup_expr="lt")

    class Meta:
        model = Event
        fields = ("event_type", "aggregate_type")

    def of_aggregate(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """One stream."""
        label = label_of(self.data.get("aggregate_type", ""))
        if not label:
            raise InvalidInput(
                "aggregate needs aggregate_type, such as SalesOrder, beside it.", field="aggregate"
            )
        return queryset.filter(aggregate_id=ids.decode(label, value))

    def of_chain(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Everything that one request has caused, through the index beside the positions."""
        keys = EventPosition.objects.filter(correlation_id=value).values("event_id")
        return queryset.filter(pk__in=keys)


class ParkedEventFilterSet(StrictFilterSet):
    """By subscriber, state and type."""

    class Meta:
        model = ParkedEvent
        fields = ("subscription", "state", "event_type")
