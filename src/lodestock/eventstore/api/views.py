"""The log, what subscribers could not digest, and where they stand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

from django.db.models import OuterRef, QuerySet, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lodestock.eventstore import selectors, services
from lodestock.eventstore.models import Event, EventPosition, ParkedEvent
from lodestock.eventstore.subscriptions import subscription
from lodestock.kernel.api.serializers import NoBody
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.views import ApiMixin
from lodestock.kernel.api.viewsets import ReadViewSet
from lodestock.kernel.principals import Principal

from .filters import EventFilterSet, ParkedEventFilterSet
from .serializers import EventSerializer, ParkedEventSerializer, SubscriptionSerializer


class EventViewSet(ReadViewSet[Event]):
    """Everything that happened, newest first; ``ordering=position`` reads in order."""

    model = Event
    serializer_class = EventSerializer
    filterset_class = EventFilterSet
    ordering_fields = ("position", "occurred_at", "recorded_at")
    ordering = ("-id",)
    search_fields = ("event_type", "aggregate_type")

    def visible_to(self, principal: Principal) -> QuerySet[Event]:
        place = EventPosition.objects.filter(event_id=OuterRef("pk")).values("position")
        return Event.objects.annotate(position=Subquery(place))


class ParkedEventViewSet(ReadViewSet[ParkedEvent]):
    """Events that a subscriber failed on."""

    model = ParkedEvent
    serializer_class = ParkedEventSerializer
    filterset_class = ParkedEventFilterSet
    ordering_fields = ("position", "next_attempt_at", "parked_at", "attempts")
    ordering = ("position",)
    search_fields = ("subscription", "event_type", "error")
    permissions: ClassVar[dict[str, str]] = {"retry": "eventstore.change_parkedevent"}

    def visible_to(self, principal: Principal) -> QuerySet[ParkedEvent]:
        return ParkedEvent.objects.all()

    @verb(NoBody, answers=SubscriptionSerializer)
    def retry(self, parked: ParkedEvent, data: Any) -> Any:
        """Try everything this subscriber has parked once more; answers where it then stands."""
        services.retry_parked(subscription(parked.subscription), force=True)
        found = {one.name: one for one in selectors.subscription_status()}
        return asdict(found[parked.subscription])


class SubscriptionsView(ApiMixin, APIView):
    """Where every subscriber stands."""

    action = "list"

    def permission_needed(self) -> str:
        return "eventstore.view_checkpoint"

    @extend_schema(responses=SubscriptionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Each after-commit subscriber with its lag and its parked events."""
        return Response([asdict(one) for one in selectors.subscription_status()])
