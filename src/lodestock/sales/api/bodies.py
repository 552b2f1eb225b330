"""What sales' verbs take and answer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from lodestock.kernel.api.fields import ExactDecimalField, PriceField, QuantityField, SqidField
from lodestock.kernel.api.serializers import StrictSerializer
from lodestock.sales.types import (
    Despatch,
    DespatchLine,
    LineKind,
    ReturnInput,
    ReturnLineInput,
    SalesLineInput,
    SalesOrderInput,
    StockStatus,
)
from lodestock.shipping.types import Mode

_KINDS = [kind.value for kind in LineKind]


class NewLine(StrictSerializer):
    """An article sold. Services and financial lines may name a ``sku`` instead of a variant."""

    variant = SqidField("catalog.variant", required=False, default=None, allow_null=True)
    quantity = QuantityField()
    kind = serializers.ChoiceField(_KINDS, required=False, default=LineKind.GOODS.value)
    sku = serializers.CharField(required=False, default="", max_length=64)
    uom = serializers.CharField(required=False, default="", max_length=16)
    unit_price = ExactDecimalField(decimal_places=6)
    required_on = serializers.DateField(required=False, default=None)
    promised_on = serializers.DateField(required=False, default=None)
    description = serializers.CharField(required=False, default="", max_length=255)


class NewOrder(StrictSerializer):
    """An order; without ``customer`` a walk-in sale, with ``draft`` not placed yet."""

    site = SqidField("organisation.site")
    location = SqidField("locations.location")
    lines = NewLine(many=True, allow_empty=False)
    customer = SqidField("partners.partner", required=False, default=None, allow_null=True)
    currency = serializers.CharField(required=False, default="", max_length=3)
    ordered_at = serializers.DateTimeField(required=False, default=None)
    required_on = serializers.DateField(required=False, default=None)
    note = serializers.CharField(required=False, default="", max_length=2000)
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, default="", max_length=80
    )
    external_id = serializers.CharField(required=False, default="", max_length=120)
    draft = serializers.BooleanField(required=False, default=False)


def order_input(data: dict[str, Any]) -> SalesOrderInput:
    """The service's input out of a validated :class:`NewOrder`."""
    lines = tuple(
        SalesLineInput(
            variant_id=line["variant"],
            kind=LineKind(line["kind"]),
            **_without(line, "variant", "kind"),
        )
        for line in data["lines"]
    )
    rest = _without(data, "site", "location", "customer", "lines", "draft")
    return SalesOrderInput(
        site_id=data["site"],
        location_id=data["location"],
        customer_id=data["customer"],
        lines=lines,
        **rest,
    )


class LeavingLine(StrictSerializer):
    """What of a line leaves, in base units; all that is open unless a quantity is named."""

    line = SqidField("sales.salesline")
    quantity = QuantityField(required=False, default=None)


class NewShipment(StrictSerializer):
    """What leaves; without ``lines`` everything that is open and in stock."""

    lines = LeavingLine(many=True, required=False, default=list)
    shipped_at = serializers.DateTimeField(required=False, default=None)
    carrier = SqidField("partners.partner", required=False, default=None, allow_null=True)
    service = serializers.CharField(required=False, default="", max_length=80)
    mode = serializers.ChoiceField([m.value for m in Mode], required=False, default="unstated")
    tracking_no = serializers.CharField(required=False, default="", max_length=80)
    scheduled_on = serializers.DateField(required=False, default=None)


def despatch(data: dict[str, Any]) -> Despatch:
    """The service's input out of a validated :class:`NewShipment`."""
    return Despatch(
        lines=tuple(DespatchLine(line_id=x["line"], quantity=x["quantity"]) for x in data["lines"]),
        carrier_id=data["carrier"],
        mode=Mode(data["mode"]),
        **_without(data, "lines", "carrier", "mode"),
    )


class ShippedAnswer(serializers.Serializer[Any]):
    """The shipment that was written; null when only services were due."""

    shipment = SqidField("shipping.shipment", source="id", allow_null=True)
    number = serializers.CharField(allow_null=True)
    status = serializers.CharField(allow_null=True)


class HeldAnswer(serializers.Serializer[Any]):
    """What is held for a line, and what of it could not be."""

    line = SqidField("sales.salesline", source="line_id")
    line_no = serializers.IntegerField()
    sku = serializers.CharField()
    held = ExactDecimalField(decimal_places=6)
    backordered = ExactDecimalField(decimal_places=6)


class ReturnedLine(StrictSerializer):
    """An article given back. ``sale`` names its sales line; otherwise it is looked for.

    Goods tracked one by one need ``serials``, one for each piece.
    """

    variant = SqidField("catalog.variant", required=False, default=None, allow_null=True)
    quantity = QuantityField()
    kind = serializers.ChoiceField(_KINDS, required=False, default=LineKind.GOODS.value)
    sku = serializers.CharField(required=False, default="", max_length=64)
    uom = serializers.CharField(required=False, default="", max_length=16)
    unit_price = PriceField()
    sale = SqidField("sales.salesline", required=False, default=None)
    serials = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, default=list, max_length=1000
    )
    lot_no = serializers.CharField(required=False, default="", max_length=80)
    description = serializers.CharField(required=False, default="", max_length=255)


class NewReturn(StrictSerializer):
    """Goods coming back, on stock or into quarantine."""

    site = SqidField("organisation.site")
    location = SqidField("locations.location")
    lines = ReturnedLine(many=True, allow_empty=False)
    customer = SqidField("partners.partner", required=False, default=None, allow_null=True)
    currency = serializers.CharField(required=False, default="", max_length=3)
    occurred_at = serializers.DateTimeField(required=False, default=None)
    stock_status = serializers.ChoiceField(
        [s.value for s in StockStatus], required=False, default=StockStatus.AVAILABLE.value
    )
    reason = serializers.CharField(max_length=40)
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, default="", max_length=80
    )
    external_id = serializers.CharField(required=False, default="", max_length=120)


def return_input(data: dict[str, Any]) -> ReturnInput:
    """The service's input out of a validated :class:`NewReturn`."""
    lines = tuple(
        ReturnLineInput(
            variant_id=line["variant"],
            kind=LineKind(line["kind"]),
            sales_line_id=line["sale"],
            serials=tuple(line["serials"]),
            **_without(line, "variant", "kind", "sale", "serials"),
        )
        for line in data["lines"]
    )
    return ReturnInput(
        site_id=data["site"],
        location_id=data["location"],
        customer_id=data["customer"],
        lines=lines,
        status=StockStatus(data["stock_status"]),
        **_without(data, "site", "location", "customer", "lines", "stock_status"),
    )


class Disposition(StrictSerializer):
    disposition = serializers.ChoiceField(["restock", "repair", "scrap", "return_to_vendor"])


def _without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in names}
