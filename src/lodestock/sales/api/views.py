"""Sales orders and returns over HTTP."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.kernel.api.serializers import ReasonRequired
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import DocumentViewSet
from lodestock.kernel.db import transaction
from lodestock.kernel.principals import Principal
from lodestock.sales import permissions, selectors, services
from lodestock.sales.models import ReturnLine, ReturnOrder, SalesLine, SalesOrder

from . import bodies, filters, serializers

_NOTHING_SHIPPED = {"id": None, "number": None, "status": None}


class SalesOrderViewSet(DocumentViewSet[SalesOrder]):
    """What customers ordered; everything after placing it is a verb."""

    model = SalesOrder
    serializer_class = serializers.SalesOrderSerializer
    filterset_class = filters.SalesOrderFilterSet
    ordering_fields = ("number", "ordered_at", "required_on", "total", "created_at", "updated_at")
    search_fields = ("number", "external_id", "customer__code", "customer__name", "note")
    permissions = {
        "create": permissions.ADD,
        "place": permissions.ADD,
        "reserve": permissions.RESERVE,
        "shipments": permissions.SHIP,
        "cancel": permissions.CANCEL,
        "hold": permissions.HOLD,
        "release": permissions.HOLD,
    }

    def visible_to(self, principal: Principal) -> models.QuerySet[SalesOrder]:
        return selectors.sales_orders(principal)

    @extend_schema(request=bodies.NewOrder, responses={201: serializers.SalesOrderSerializer})
    def create(self, request: Request) -> Response:
        """Place an order, or write a draft of one."""
        body = bodies.NewOrder(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        create = services.draft_order if data["draft"] else services.create_order
        with transaction():
            order = create(bodies.order_input(data))
            return self.answer(order, status_code=201)

    @verb()
    def place(self, order: SalesOrder, data: dict[str, Any]) -> SalesOrder:
        """The customer has placed the draft."""
        return services.place_order(order.pk)

    @verb(answers=bodies.HeldAnswer, many=True)
    def reserve(self, order: SalesOrder, data: dict[str, Any]) -> list[services.LineHold]:
        """Hold stock for everything that is open."""
        return services.reserve_order(order.pk)

    @verb(bodies.NewShipment, answers=bodies.ShippedAnswer, status=201)
    def shipments(self, order: SalesOrder, data: dict[str, Any]) -> Any:
        """Ship it, wholly or as far as there is stock."""
        return services.ship_order(order.pk, bodies.despatch(data)) or _NOTHING_SHIPPED

    @verb(ReasonRequired)
    def cancel(self, order: SalesOrder, data: dict[str, Any]) -> SalesOrder:
        """Cancel what has not been shipped."""
        return services.cancel_order(order.pk, **data)

    @verb(ReasonRequired)
    def hold(self, order: SalesOrder, data: dict[str, Any]) -> SalesOrder:
        """Stop work on it."""
        return services.hold_order(order.pk, **data)

    @verb()
    def release(self, order: SalesOrder, data: dict[str, Any]) -> SalesOrder:
        """Go on with it."""
        return services.release_order(order.pk)


class SalesLineViewSet(DocumentViewSet[SalesLine]):
    """Lines of sales orders."""

    model = SalesLine
    serializer_class = serializers.SalesLineSerializer
    filterset_class = filters.SalesLineFilterSet
    ordering_fields = ("line_no", "required_on", "shipped_at", "amount", "created_at")
    search_fields = ("order__number", "sku", "description", "external_key")

    def visible_to(self, principal: Principal) -> models.QuerySet[SalesLine]:
        return selectors.sales_lines(principal)


class ReturnOrderViewSet(DocumentViewSet[ReturnOrder]):
    """What customers gave back."""

    model = ReturnOrder
    serializer_class = serializers.ReturnOrderSerializer
    filterset_class = filters.ReturnOrderFilterSet
    ordering_fields = ("number", "occurred_at", "total", "created_at", "updated_at")
    search_fields = ("number", "external_id", "customer__code", "customer__name")
    permissions = {
        "create": permissions.ADD_RETURN,
        "inspect": permissions.DISPOSE,
        "dispose": permissions.DISPOSE,
        "credit": permissions.DISPOSE,
        "close": permissions.DISPOSE,
    }

    def visible_to(self, principal: Principal) -> models.QuerySet[ReturnOrder]:
        return selectors.return_orders(principal)

    @extend_schema(request=bodies.NewReturn, responses={201: serializers.ReturnOrderSerializer})
    def create(self, request: Request) -> Response:
        """Take goods back."""
        body = bodies.NewReturn(data=request.data)
        body.is_valid(raise_exception=True)
        with transaction():
            rma = services.return_goods(bodies.return_input(body.validated_data))
            return self.answer(rma, status_code=201)

    @verb()
    def inspect(self, rma: ReturnOrder, data: dict[str, Any]) -> ReturnOrder:
        """Somebody has looked at the goods."""
        return services.inspect_return(rma.pk)

    @verb(bodies.Disposition)
    def dispose(self, rma: ReturnOrder, data: dict[str, Any]) -> ReturnOrder:
        """Decide what becomes of them."""
        return services.dispose_return(rma.pk, **data)

    @verb()
    def credit(self, rma: ReturnOrder, data: dict[str, Any]) -> ReturnOrder:
        """The customer has been credited."""
        return services.credit_return(rma.pk)

    @verb()
    def close(self, rma: ReturnOrder, data: dict[str, Any]) -> ReturnOrder:
        """Nothing is left to do."""
        return services.close_return(rma.pk)


class ReturnLineViewSet(DocumentViewSet[ReturnLine]):
    """Lines of returns."""

    model = ReturnLine
    serializer_class = serializers.ReturnLineSerializer
    filterset_class = filters.ReturnLineFilterSet
    ordering_fields = ("line_no", "amount", "created_at")
    search_fields = ("return_order__number", "sku", "description")

    def visible_to(self, principal: Principal) -> models.QuerySet[ReturnLine]:
        return selectors.return_lines(principal)
