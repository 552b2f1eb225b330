"""How purchasing's rows look over HTTP."""

from __future__ import annotations

from rest_framework import serializers

from lodestock.kernel.api.serializers import RecordSerializer
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder, Receipt, ReceiptLine

TAIL = ("active", "created_at", "updated_at")


class PurchaseOrderSerializer(RecordSerializer):
    """An order. Lines: ``GET /purchase-lines?order=``; receipts: ``GET /receipts?order=``."""

    currency = serializers.CharField(source="currency_id", read_only=True)

    class Meta:
        model = PurchaseOrder
        fields = (
            *("sqid", "number", "supplier", "site", "status", "revision", "currency", "total"),
            *("terms_days", "incoterm", "ordered_at", "due_on", "required_on", "payment_due_on"),
            *("sent_at", "acknowledged_at", "received_at", "note", "reason", "source"),
            *("external_id", *TAIL),
        )
        read_only_fields = fields


class PurchaseLineSerializer(RecordSerializer):
    """A line. ``received``, ``cancelled`` and ``open`` are in the variant's base unit."""

    uom = serializers.CharField(source="uom_id", read_only=True)
    sku = serializers.CharField(source="variant.sku", read_only=True)
    open = serializers.DecimalField(
        source="open_quantity", max_digits=20, decimal_places=6, read_only=True
    )
    line_status = serializers.CharField(read_only=True)

    class Meta:
        model = PurchaseLine
        fields = (
            *("sqid", "order", "line_no", "variant", "sku", "description", "uom", "quantity"),
            *("base_quantity", "unit_price", "amount", "amount_stated", "received", "cancelled"),
            *("open", "line_status", "tolerance", "promised_on", "required_on", "received_on"),
            *("external_key", *TAIL),
        )
        read_only_fields = fields


class ReceiptSerializer(RecordSerializer):
    """A counted delivery. Lines: ``GET /receipt-lines?receipt=``."""

    class Meta:
        model = Receipt
        fields = (
            *("sqid", "number", "order", "direct", "location", "shipment", "occurred_at"),
            *("received_on", "delivery_note", "source", "external_id", *TAIL),
        )
        read_only_fields = fields


class ReceiptLineSerializer(RecordSerializer):
    """Counted goods of one order line."""

    uom = serializers.CharField(source="uom_id", read_only=True)
    sku = serializers.CharField(source="variant.sku", read_only=True)

    class Meta:
        model = ReceiptLine
        fields = (
            *("sqid", "receipt", "line_no", "purchase_line", "variant", "sku", "status"),
            *("judgement", "condition", "uom", "quantity", "base_quantity", "lot_no"),
            *("expires_on", "serials", "stored_location", *TAIL),
        )
        read_only_fields = fields
