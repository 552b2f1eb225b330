"""The ledger over HTTP: read movements and postings, post in bulk, reverse."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.inventory import permissions, selectors, services
from lodestock.inventory.models import Movement, Posting
from lodestock.inventory.types import PostingReceipt
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import ReadViewSet
from lodestock.kernel.principals import EVERYWHERE, Principal
from lodestock.locations.selectors import refuse_elsewhere

from . import bodies, filters, serializers
from .lines import places, read_postings


def permits(principal: Principal) -> list[str]:
    """What of the ledger's special cases the principal may do."""
    special = {"past_below_zero": permissions.PAST, "closed_period": permissions.CLOSED}
    return [name for name, permission in special.items() if principal.may(permission)]


def refuse_undoing_elsewhere(principal: Principal, **which: int) -> None:
    """Raise :class:`Forbidden` when these movements also touch places of others."""
    if selectors.places_within(principal) is not EVERYWHERE:
        sides = Movement.objects.filter(**which).values_list("source_id", "destination_id")
        refuse_elsewhere(principal, chain.from_iterable(sides))


class MovementViewSet(ReadViewSet[Movement]):
    """Immutable lines of the ledger, newest first. POST books postings in bulk."""

    model = Movement
    serializer_class = serializers.MovementSerializer
    filterset_class = filters.MovementFilterSet
    ordering_fields = ("occurred_at", "recorded_at", "quantity")
    search_fields = ("variant__sku", "posting__reference_id", "=lot__code")
    permissions = {"create": permissions.POST, "reverse": permissions.REVERSE}

    def visible_to(self, principal: Principal) -> models.QuerySet[Movement]:
        rows = Movement.objects.select_related("posting", "variant", "lot", "source", "destination")
        return selectors.limit_to_places(rows, principal, "source_id", "destination_id")

    @extend_schema(request=bodies.PostingsBody, responses={201: bodies.ReceiptAnswer(many=True)})
    def create(self, request: Request) -> Response:
        """Book postings, all or none of them; receipts in the same order."""
        requests = read_postings(request.data)
        refuse_elsewhere(self.principal, places(requests))
        receipts = services.post_many(requests, permits=permits(self.principal))
        return Response(bodies.ReceiptAnswer(receipts, many=True).data, status=201)

    @verb(bodies.ReverseBody, answers=bodies.ReceiptAnswer, status=201)
    def reverse(self, movement: Movement, data: dict[str, Any]) -> PostingReceipt:
        """Post the opposite of this movement, once."""
        refuse_undoing_elsewhere(self.principal, pk=movement.pk)
        return services.reverse_movement(movement.pk, permits=permits(self.principal), **data)


class PostingViewSet(ReadViewSet[Posting]):
    """Commands to the ledger, newest first."""

    model = Posting
    serializer_class = serializers.PostingSerializer
    filterset_class = filters.PostingFilterSet
    ordering_fields = ("occurred_at", "recorded_at")
    search_fields = ("reference_id", "reason")
    permissions = {"reverse": permissions.REVERSE}

    def visible_to(self, principal: Principal) -> models.QuerySet[Posting]:
        rows = Posting.objects.all()
        if selectors.places_within(principal) is EVERYWHERE:
            return rows
        seen = selectors.limit_to_places(
            Movement.objects.all(), principal, "source_id", "destination_id"
        )
        return rows.filter(models.Exists(seen.filter(posting_id=models.OuterRef("pk"))))

    @verb(bodies.ReverseBody, answers=bodies.ReceiptAnswer, status=201)
    def reverse(self, posting: Posting, data: dict[str, Any]) -> PostingReceipt:
        """Post the opposite of every movement of this posting, once."""
        refuse_undoing_elsewhere(self.principal, posting_id=posting.pk)
        return services.reverse_posting(posting.pk, permits=permits(self.principal), **data)
