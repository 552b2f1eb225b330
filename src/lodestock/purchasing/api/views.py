"""Purchase orders and receipts over HTTP."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.kernel.api.serializers import ReasonRequired
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import DocumentViewSet, own_row
from lodestock.kernel.db import transaction
from lodestock.kernel.principals import Principal
from lodestock.locations.selectors import refuse_elsewhere
from lodestock.purchasing import permissions, selectors, services
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder, Receipt, ReceiptLine

from . import bodies, filters, serializers


class PurchaseOrderViewSet(DocumentViewSet[PurchaseOrder]):
    """Goods ordered from suppliers; everything after the draft is a verb."""

    model = PurchaseOrder
    serializer_class = serializers.PurchaseOrderSerializer
    filterset_class = filters.PurchaseOrderFilterSet
    ordering_fields = ("number", "ordered_at", "due_on", "total", "created_at", "updated_at")
    search_fields = ("number", "external_id", "supplier__code", "supplier__name", "note")
    permissions = {
        "create": permissions.ADD,
        "submit": permissions.SUBMIT,
        "approve": permissions.APPROVE,
        "reject": permissions.APPROVE,
        "redraft": permissions.SUBMIT,
        "send": permissions.SEND,
        "acknowledge": permissions.SEND,
        "negotiate": permissions.SEND,
        "revise": permissions.REVISE,
        "cancel": permissions.CANCEL,
        "close": permissions.CLOSE,
        "receipts": permissions.RECEIVE,
    }

    def visible_to(self, principal: Principal) -> models.QuerySet[PurchaseOrder]:
        return selectors.purchase_orders(principal)

    @extend_schema(request=bodies.NewOrder, responses={201: serializers.PurchaseOrderSerializer})
    def create(self, request: Request) -> Response:
        """Write a draft."""
        body = bodies.NewOrder(data=request.data)
        body.is_valid(raise_exception=True)
        with transaction():
            order = services.create_purchase_order(bodies.order_input(body.validated_data))
            return self.answer(order, status_code=201)

    @verb(bodies.StepBody)
    def submit(self, order: PurchaseOrder, data: dict[str, Any]) -> PurchaseOrder:
        """Hand the draft in for approval."""
        return services.submit_purchase_order(order.pk, **data)

    @verb(bodies.StepBody)
    def approve(self, order: PurchaseOrder, data: dict[str, Any]) -> PurchaseOrder:
        """Approve it: its goods are on order from now on."""
        return services.approve_purchase_order(order.pk, **data)

    @verb(ReasonRequired)
    def reject(self, order: PurchaseOrder, data: dict[str, Any]) -> PurchaseOrder:
        """Send it back."""
        return services.reject_purchase_order(order.pk, **data)

    @verb()
    def redraft(self, order: PurchaseOrder, data: dict[str, Any]) -> PurchaseOrder:
        """Take a rejected order up again."""
        return services.redraft_purchase_order(order.pk)

    @verb(bodies.StepBody)
    def send(self, order: PurchaseOrder, data: dict[str, Any]) -> PurchaseOrder:
        """It has been sent to the supplier."""
        return services.send_purchase_order(order.pk, **data)

    @verb(bodies.Acknowledgement)
    def acknowledge(self, order: PurchaseOrder, data: dict[str, Any]) -> PurchaseOrder:
        """The supplier accepts."""
        return services.acknowledge_purchase_order(order.pk, **data)

    @verb(bodies.Offer)
    def negotiate(self, order: PurchaseOrder, data: dict[str, Any]) -> PurchaseOrder:
        """Ask for, or note, another price, quantity or day."""
        return services.negotiate_purchase_order(order.pk, line_id=data.pop("line"), **data)

    @verb(bodies.Revision)
    def revise(self, order: PurchaseOrder, data: dict[str, Any]) -> PurchaseOrder:
        """Change lines; the approval starts again."""
        changes = bodies.line_changes(data)
        return services.revise_purchase_order(order.pk, changes=changes, reason=data["reason"])

    @verb(ReasonRequired)
    def cancel(self, order: PurchaseOrder, data: dict[str, Any]) -> PurchaseOrder:
        """Cancel what has not arrived."""
        return services.cancel_purchase_order(order.pk, **data)

    @verb()
    def close(self, order: PurchaseOrder, data: dict[str, Any]) -> PurchaseOrder:
        """Nothing more is expected."""
        return services.close_purchase_order(order.pk)

    @verb(bodies.NewReceipt, answers=serializers.ReceiptSerializer, status=201)
    def receipts(self, order: PurchaseOrder, data: dict[str, Any]) -> Receipt:
        """Receive a delivery, wholly or partly."""
        receipt = services.receive_goods(bodies.receipt_input(order.pk, data))
        return own_row(selectors.receipts(self.principal), receipt.pk)


class PurchaseLineViewSet(DocumentViewSet[PurchaseLine]):
    """Lines of purchase orders."""

    model = PurchaseLine
    serializer_class = serializers.PurchaseLineSerializer
    filterset_class = filters.PurchaseLineFilterSet
    ordering_fields = ("line_no", "promised_on", "received_on", "amount", "created_at")
    search_fields = ("order__number", "variant__sku", "description", "external_key")

    def visible_to(self, principal: Principal) -> models.QuerySet[PurchaseLine]:
        return selectors.purchase_lines(principal)


class ReceiptViewSet(DocumentViewSet[Receipt]):
    """Counted deliveries; made by ``POST /purchase-orders/{sqid}/receipts``."""

    model = Receipt
    serializer_class = serializers.ReceiptSerializer
    filterset_class = filters.ReceiptFilterSet
    ordering_fields = ("number", "occurred_at", "created_at")
    search_fields = ("number", "order__number", "delivery_note", "external_id")

    def visible_to(self, principal: Principal) -> models.QuerySet[Receipt]:
        return selectors.receipts(principal)


class ReceiptLineViewSet(DocumentViewSet[ReceiptLine]):
    """Counted goods."""

    model = ReceiptLine
    serializer_class = serializers.ReceiptLineSerializer
    filterset_class = filters.ReceiptLineFilterSet
    ordering_fields = ("line_no", "base_quantity", "created_at")
    search_fields = ("receipt__number", "variant__sku", "lot_no")
    permissions = {"store": permissions.PUT_AWAY}

    def visible_to(self, principal: Principal) -> models.QuerySet[ReceiptLine]:
        return selectors.receipt_lines(principal)

    @verb(bodies.Storing)
    def store(self, line: ReceiptLine, data: dict[str, Any]) -> ReceiptLine:
        """Put the line away."""
        refuse_elsewhere(self.principal, [data["location"]])
        return services.put_away(
            receipt_line_id=line.pk,
            location_id=data["location"],
            occurred_at=data["occurred_at"],
        )
