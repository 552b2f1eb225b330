"""Shipments over HTTP."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import DocumentViewSet, ReadViewSet
from lodestock.kernel.db import transaction
from lodestock.kernel.principals import Principal
from lodestock.shipping import permissions, selectors, services
from lodestock.shipping.models import Parcel, Shipment, ShipmentLine, TrackingEvent
from lodestock.shipping.types import Direction, Mode, ProofOfDelivery, ShipmentInput
from lodestock.shipping.types import ShipmentLineInput as Line

from . import filters, serializers


class ShipmentViewSet(DocumentViewSet[Shipment]):
    """Goods on their way. Lines: ``GET /shipment-lines?shipment=``."""

    model = Shipment
    serializer_class = serializers.ShipmentSerializer
    filterset_class = filters.ShipmentFilterSet
    ordering_fields = ("number", "planned_at", "departed_at", "delivered_at", "scheduled_on")
    search_fields = ("number", "external_id", "tracking_no", "cause_id")
    permissions = {
        "create": permissions.ADD,
        "depart": permissions.STEP,
        "deliver": permissions.STEP,
        "step": permissions.STEP,
        "parcels": permissions.ADD_PARCEL,
        "tracking": permissions.ADD_TRACKING,
    }

    def visible_to(self, principal: Principal) -> models.QuerySet[Shipment]:
        return selectors.shipments(principal)

    @extend_schema(request=serializers.NewShipment, responses={201: serializers.ShipmentSerializer})
    def create(self, request: Request) -> Response:
        """Plan a shipment."""
        body = serializers.NewShipment(data=request.data)
        body.is_valid(raise_exception=True)
        with transaction():
            planned = services.plan_shipment(_shipment(body.validated_data))
            return self.answer(Shipment(pk=planned.id), status_code=201)

    @verb(serializers.StepBody)
    def depart(self, shipment: Shipment, data: dict[str, Any]) -> None:
        """The goods are gone."""
        services.depart_shipment(shipment.pk, **data)

    @verb(serializers.DeliveryBody)
    def deliver(self, shipment: Shipment, data: dict[str, Any]) -> None:
        """The goods are there."""
        proof = ProofOfDelivery(data["received_by"], data["received_at"], data["file_sha256"])
        services.confirm_delivery(
            shipment.pk, occurred_at=data["occurred_at"], place=data["place"], proof=proof
        )

    @verb(serializers.MachineStep)
    def step(self, shipment: Shipment, data: dict[str, Any]) -> None:
        """Any other verb of the machine, such as ``pack``, ``fail`` or ``close``."""
        services.step_shipment(shipment.pk, data.pop("verb"), **data)

    @verb(serializers.NewParcel, answers=serializers.ParcelSerializer, status=201)
    def parcels(self, shipment: Shipment, data: dict[str, Any]) -> Parcel:
        """Add a parcel."""
        return services.add_parcel(shipment_id=shipment.pk, **data)

    @verb(serializers.NewTracking, answers=serializers.TrackingEventSerializer, status=201)
    def tracking(self, shipment: Shipment, data: dict[str, Any]) -> TrackingEvent:
        """Keep a carrier's message, and take the step it speaks of if that is possible."""
        return services.record_tracking(shipment_id=shipment.pk, **data)


def _shipment(data: dict[str, Any]) -> ShipmentInput:
    return ShipmentInput(
        direction=Direction(data["direction"]),
        lines=tuple(
            Line(x["variant"], x["quantity"], cause_line=x["cause_line"]) for x in data["lines"]
        ),
        cause_type=data["cause_type"],
        cause_id=data["cause_id"],
        carrier_id=data["carrier"],
        service=data["service"],
        mode=Mode(data["mode"]),
        tracking_no=data["tracking_no"],
        origin_partner_id=data["origin_partner"],
        destination_partner_id=data["destination_partner"],
        origin_location_id=data["origin_location"],
        destination_location_id=data["destination_location"],
        scheduled_on=data["scheduled_on"],
    )


class ShipmentLineViewSet(DocumentViewSet[ShipmentLine]):
    """What is on shipments."""

    model = ShipmentLine
    serializer_class = serializers.ShipmentLineSerializer
    filterset_class = filters.ShipmentLineFilterSet
    ordering_fields = ("line_no", "quantity", "created_at")
    search_fields = ("external_key", "variant__sku", "shipment__number")

    def visible_to(self, principal: Principal) -> models.QuerySet[ShipmentLine]:
        return selectors.shipment_lines(principal)


class ParcelViewSet(DocumentViewSet[Parcel]):
    """What the carrier lifts."""

    model = Parcel
    serializer_class = serializers.ParcelSerializer
    filterset_class = filters.ParcelFilterSet
    ordering_fields = ("parcel_no", "created_at")
    search_fields = ("sscc", "tracking_no", "shipment__number")

    def visible_to(self, principal: Principal) -> models.QuerySet[Parcel]:
        return selectors.parcels(principal)


class TrackingEventViewSet(ReadViewSet[TrackingEvent]):
    """What carriers reported, as it came."""

    model = TrackingEvent
    serializer_class = serializers.TrackingEventSerializer
    filterset_class = filters.TrackingEventFilterSet
    ordering_fields = ("occurred_at", "recorded_at")
    search_fields = ("code", "description", "place", "shipment__number")

    def visible_to(self, principal: Principal) -> models.QuerySet[TrackingEvent]:
        return selectors.tracking_events(principal)
