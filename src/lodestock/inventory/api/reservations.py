"""Promises of stock over HTTP."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.inventory import permissions, selectors, services
from lodestock.inventory.models import Reservation
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import ReadViewSet
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Forbidden
from lodestock.kernel.principals import EVERYWHERE, Principal
from lodestock.locations.selectors import subtree

from . import bodies, filters, serializers


class ReservationViewSet(ReadViewSet[Reservation]):
    """Stock held for a reference; it lowers what is available, never what is on hand."""

    model = Reservation
    serializer_class = serializers.ReservationSerializer
    filterset_class = filters.ReservationFilterSet
    ordering_fields = ("created_at", "updated_at", "expires_at", "quantity")
    search_fields = ("reference_id", "variant__sku")
    permissions = {"create": permissions.RESERVE, "release": permissions.RELEASE}

    def visible_to(self, principal: Principal) -> models.QuerySet[Reservation]:
        rows = Reservation.objects.select_related("variant").prefetch_related("lines")
        if selectors.places_within(principal) is EVERYWHERE:
            return rows
        lines = Reservation._meta.get_field("lines").related_model
        own = selectors.limit_to_places(lines._default_manager.all(), principal, "location_id")
        return rows.filter(models.Exists(own.filter(reservation_id=models.OuterRef("pk"))))

    @extend_schema(request=bodies.ReserveBody, responses={201: serializers.ReservationSerializer})
    def create(self, request: Request) -> Response:
        """Hold stock, the first-expiring lot first."""
        body = bodies.ReserveBody(data=request.data)
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        places = self._places(data.pop("within"))
        with transaction():
            held = services.reserve_stock(
                variant_id=data.pop("variant"),
                lot_id=data.pop("lot"),
                location_ids=places,
                **data,
            )
            return self.answer(Reservation(pk=held.reservation_id), status_code=201)

    def _places(self, within: int) -> list[int]:
        inside = subtree(within)
        allowed = selectors.places_within(self.principal)
        if allowed is EVERYWHERE:
            return inside
        own = allowed.filter(pk__in=inside).values_list("pk", flat=True)
        if not own:
            raise Forbidden("That place is outside of your departments and warehouses.")
        return list(own)

    @verb(bodies.ReleaseBody)
    def release(self, reservation: Reservation, data: dict[str, Any]) -> Reservation:
        """Give up what is held, or a part of it."""
        services.release_reservation(reservation.pk, **data)
        return reservation
