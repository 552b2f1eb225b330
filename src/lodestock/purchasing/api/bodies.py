"""What purchasing's verbs take."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from lodestock.kernel.api.fields import ExactDecimalField, PriceField, QuantityField, SqidField
from lodestock.kernel.api.serializers import StrictSerializer
from lodestock.purchasing.services import LineChange
from lodestock.purchasing.types import (
    Condition,
    PurchaseLineInput,
    PurchaseOrderInput,
    ReceiptInput,
    ReceivedLine,
)


class NewLine(StrictSerializer):
    """An article to be bought. ``quantity`` and ``unit_price`` are in ``uom``."""

    variant = SqidField("catalog.variant")
    quantity = QuantityField()
    uom = serializers.CharField(required=False, default="", max_length=16)
    unit_price = PriceField()
    promised_on = serializers.DateField(required=False, default=None)
    required_on = serializers.DateField(required=False, default=None)
    tolerance = ExactDecimalField(decimal_places=6, required=False, default=None)
    description = serializers.CharField(required=False, default="", max_length=255)


class NewOrder(StrictSerializer):
    """A draft order."""

    supplier = SqidField("partners.partner")
    site = SqidField("organisation.site")
    lines = NewLine(many=True, allow_empty=False)
    currency = serializers.CharField(required=False, default="", max_length=3)
    ordered_at = serializers.DateTimeField(required=False, default=None)
    terms_days = serializers.IntegerField(required=False, default=None, min_value=0)
    incoterm = serializers.CharField(required=False, default="", max_length=3)
    note = serializers.CharField(required=False, default="", max_length=2000)
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, default="", max_length=80
    )
    external_id = serializers.CharField(required=False, default="", max_length=120)


def order_input(data: dict[str, Any]) -> PurchaseOrderInput:
    """The service's input out of a validated :class:`NewOrder`."""
    rest = {k: v for k, v in data.items() if k not in ("supplier", "site", "lines")}
    lines = tuple(
        PurchaseLineInput(variant_id=line["variant"], **_without(line, "variant"))
        for line in data["lines"]
    )
    return PurchaseOrderInput(
        supplier_id=data["supplier"], site_id=data["site"], lines=lines, **rest
    )


class CountedLine(StrictSerializer):
    """Counted goods of one order line; ``quantity`` in ``uom`` (empty: the base unit)."""

    line = SqidField("purchasing.purchaseline")
    quantity = QuantityField()
    uom = serializers.CharField(required=False, default="", max_length=16)
    lot_no = serializers.CharField(required=False, default="", max_length=80)
    expires_on = serializers.DateField(required=False, default=None)
    serials = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, default=list, max_length=1000
    )
    condition = serializers.ChoiceField(
        [c.value for c in Condition], required=False, default=Condition.GOOD.value
    )


class NewReceipt(StrictSerializer):
    """A delivery: where it was counted, and what. The supplier is where it comes from."""

    location = SqidField("locations.location")
    lines = CountedLine(many=True, allow_empty=False)
    occurred_at = serializers.DateTimeField(required=False, default=None)
    delivery_note = serializers.CharField(required=False, default="", max_length=80)
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, default="", max_length=80
    )
    external_id = serializers.CharField(required=False, default="", max_length=120)


def receipt_input(order_id: int, data: dict[str, Any]) -> ReceiptInput:
    """The service's input out of a validated :class:`NewReceipt`."""
    lines = tuple(
        ReceivedLine(
            line_id=line["line"],
            serials=tuple(line["serials"]),
            condition=Condition(line["condition"]),
            **_without(line, "line", "serials", "condition"),
        )
        for line in data["lines"]
    )
    rest = _without(data, "location", "lines")
    return ReceiptInput(order_id=order_id, location_id=data["location"], lines=lines, **rest)


class StepBody(StrictSerializer):
    """When it happened; now unless said otherwise."""

    occurred_at = serializers.DateTimeField(required=False, default=None)


class Acknowledgement(StepBody):
    promised_on = serializers.DateField(required=False, default=None)


class Offer(StrictSerializer):
    """One party's wish: another price, quantity or day."""

    by = serializers.ChoiceField(["buyer", "supplier"])
    note = serializers.CharField(required=False, default="", max_length=500)
    line = SqidField("purchasing.purchaseline", required=False, default=None)
    price = PriceField(required=False, default=None)
    quantity = QuantityField(required=False, default=None)
    promised_on = serializers.DateField(required=False, default=None)


class ChangedLine(StrictSerializer):
    line = SqidField("purchasing.purchaseline")
    quantity = QuantityField(required=False, default=None)
    unit_price = PriceField(required=False, default=None)
    promised_on = serializers.DateField(required=False, default=None)


class Revision(StrictSerializer):
    """What changes, and why; the approval starts again."""

    reason = serializers.CharField(max_length=255)
    lines = ChangedLine(many=True, allow_empty=False)


def line_changes(data: dict[str, Any]) -> list[LineChange]:
    """The service's input out of a validated :class:`Revision`."""
    return [LineChange(line_id=x["line"], **_without(x, "line")) for x in data["lines"]]


class Storing(StepBody):
    """Where a received line goes."""

    location = SqidField("locations.location")


def _without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in names}
