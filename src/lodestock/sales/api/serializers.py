"""How sales' rows look over HTTP."""

from __future__ import annotations

from rest_framework import serializers

from lodestock.kernel.api.serializers import RecordSerializer
from lodestock.sales.models import ReturnLine, ReturnOrder, SalesLine, SalesOrder

TAIL = ("active", "created_at", "updated_at")


class SalesOrderSerializer(RecordSerializer):
    """An order. Lines: ``GET /sales-lines?order=``."""

    currency = serializers.CharField(source="currency_id", read_only=True)

    class Meta:
        model = SalesOrder
        fields = (
            *("sqid", "number", "customer", "walk_in", "site", "location", "status", "on_hold"),
            *("hold_reason", "currency", "total", "ordered_at", "required_on", "fulfilled_at"),
            *("cancel_reason", "note", "source", "external_id", *TAIL),
        )
        read_only_fields = fields


class SalesLineSerializer(RecordSerializer):
    """A line. ``shipped``, ``cancelled``, ``returned`` and ``open`` are in the base unit."""

    uom = serializers.CharField(source="uom_id", read_only=True)
    open = serializers.DecimalField(
        source="open_quantity", max_digits=20, decimal_places=6, read_only=True
    )
    line_status = serializers.CharField(read_only=True)

    class Meta:
        model = SalesLine
        fields = (
            *("sqid", "order", "line_no", "kind", "variant", "sku", "description", "uom"),
            *("quantity", "base_quantity", "unit_price", "amount", "amount_stated", "shipped"),
            *("cancelled", "returned", "open", "line_status", "required_on", "promised_on"),
            *("shipped_at", "external_key", *TAIL),
        )
        read_only_fields = fields


class ReturnOrderSerializer(RecordSerializer):
    """A return. Lines: ``GET /return-lines?return_order=``."""

    currency = serializers.CharField(source="currency_id", read_only=True)

    class Meta:
        model = ReturnOrder
        fields = (
            *("sqid", "number", "customer", "walk_in", "site", "location", "status"),
            *("stock_status", "reason_code", "currency", "total", "unmatched_lines"),
            *("occurred_at", "source", "external_id", *TAIL),
        )
        read_only_fields = fields


class ReturnLineSerializer(RecordSerializer):
    """An article given back; ``flag`` is ``no_sale_found`` where its sale is unknown."""

    uom = serializers.CharField(source="uom_id", read_only=True)

    class Meta:
        model = ReturnLine
        fields = (
            *("sqid", "return_order", "line_no", "sales_line", "flag", "kind", "variant", "sku"),
            *("description", "uom", "quantity", "base_quantity", "unit_price", "amount"),
            *("amount_stated", "lot_no", "serials", "external_key", *TAIL),
        )
        read_only_fields = fields
