"""Stock over HTTP: now, at another instant, rolled up, explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.inventory import selectors
from lodestock.inventory.models import Balance
from lodestock.kernel import ids
from lodestock.kernel.api.moments import AS_OF, KNOWN_AT, as_of, known_at
from lodestock.kernel.api.viewsets import ReadViewSet
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.principals import EVERYWHERE, Principal
from lodestock.locations.selectors import subtree

from . import bodies, filters, serializers

SCOPES = ("network", "warehouse")


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

    @extend_schema(
        parameters=[
            OpenApiParameter("scope", str, enum=SCOPES),
            OpenApiParameter("level", str, enum=selectors.LEVELS),
            OpenApiParameter("item", str, description="One article."),
            OpenApiParameter("under", str, description="Only in this place and below it."),
        ],
        responses=bodies.SummaryAnswer,
    )
    @action(
        detail=False,
        methods=["get"],
        pagination_class=None,
        filter_backends=(),
        filterset_class=None,
    )
    def summary(self, request: Request) -> Response:
        """Stock by article over the whole network, by warehouse, or by another kind of place."""
        rows = selectors.stock_summary(**self._summary_choice(request))
        return Response(bodies.SummaryAnswer({"results": rows}).data)

    def _summary_choice(self, request: Request) -> dict[str, Any]:
        given = request.query_params
        unknown = set(given) - {"scope", "level", "item", "under"}
        scope = given.get("scope", "network")
        if unknown or scope not in SCOPES:
            wrong = min(unknown) if unknown else "scope"
            raise InvalidInput(
                f"{wrong[:40]}={given.get(wrong, '')[:40]!r} is not understood; scope is network or"
                " warehouse, level a kind of place, item and under are ids.",
                field=wrong[:40],
            )
        choice: dict[str, Any] = {
            "level": given.get("level") or ("warehouse" if scope == "warehouse" else None)
        }
        if given.get("item"):
            choice["variant_ids"] = [ids.decode("catalog.variant", given["item"])]
        return choice | self._places(given.get("under", ""))

    def _places(self, under: str) -> dict[str, Any]:
        allowed = selectors.places_within(self.principal)
        inside = subtree(ids.decode("locations.location", under)) if under else None
        if allowed is EVERYWHERE:
            return {} if inside is None else {"under": inside}
        own = set(allowed.values_list("pk", flat=True))
        return {"under": sorted(own if inside is None else own & set(inside))}

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
