"""Stock over HTTP: now, at another instant, rolled up, explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.inventory import selectors
from lodestock.inventory.models import Balance
from lodestock.kernel.api.moments import AS_OF, KNOWN_AT, as_of, known_at
from lodestock.kernel.api.viewsets import ReadViewSet
from lodestock.kernel.principals import Principal

from . import bodies, filters, named, serializers, summary


class StockViewSet(ReadViewSet[Balance]):
    """One row for each article, place, lot, stock status and owner."""

    model = Balance
    serializer_class = serializers.StockSerializer
    filterset_class = filters.StockFilterSet
    ordering_fields = ("variant__sku", "location__path", "on_hand", "reserved")
    ordering = ("id",)
    search_fields = ("variant__sku", "variant__name", "location__path", "=lot__code")
    extra_query_params = ("as_of", "known_at")
    permissions = {"summary": "inventory.view_balance", "explain": "inventory.view_balance"}

    def visible_to(self, principal: Principal) -> models.QuerySet[Balance]:
        rows = Balance.objects.select_related("variant", "location", "lot")
        return selectors.limit_to_places(rows, principal, "location_id")

    @extend_schema(parameters=[AS_OF, KNOWN_AT])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        moments = as_of(self.request), known_at(self.request)
        self._then = self._stock_then(page, *moments) if page and any(moments) else None
        return page

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        self._refuse_what_is_not_there()
        return rows

    def _refuse_what_is_not_there(self) -> None:
        """An unknown article or place is an error, not an empty list."""
        given = self.request.query_params
        for name in ("item", "variant"):
            if given.get(name):
                named.item(given[name], field=name)
        for name in ("location", "under"):
            if given.get(name):
                named.place(given[name], self.principal, field=name)
        if given.get("sku"):
            named.sku(given["sku"])

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "then": getattr(self, "_then", None)}

    def _stock_then(self, page: Sequence[Balance], true_at: Any, known: Any) -> dict[Any, Any]:
        rows = selectors.stock_as_of(
            true_at,
            known_at=known,
            variant_ids=sorted({row.variant_id for row in page}),
            location_ids=sorted({row.location_id for row in page}),
        )
        return {
            (r.variant_id, r.location_id, r.lot_id, r.status, r.owner_id): r.on_hand for r in rows
        }

    @extend_schema(parameters=summary.PARAMETERS, responses=bodies.SummaryAnswer)
    @action(
        detail=False,
        methods=["get"],
        pagination_class=None,
        filter_backends=(),
        filterset_class=None,
    )
    def summary(self, request: Request) -> Response:
        """Stock by article over the whole network, by warehouse, or by another kind of place."""
        page = summary.page_of_totals(request, self.principal)
        return Response(bodies.SummaryAnswer(page).data)

    @extend_schema(responses=bodies.ExplanationAnswer)
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=())
    def explain(self, request: Request, sqid: str) -> Response:
        """The postings whose sum is this balance."""
        row = self.get_object()
        explanation = selectors.explain_balance(
            row.variant_id,
            row.location_id,
            lot_id=row.lot_id,
            status=row.status,
            owner_id=row.owner_id,
        )
        return Response(bodies.ExplanationAnswer(explanation).data)
