"""What the verbs of this room take and answer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from lodestock.inventory.states import PostingKind, StockStatus
from lodestock.kernel.api.fields import PriceField, QuantityField, SqidField
from lodestock.kernel.api.serializers import StrictSerializer


class SideBody(StrictSerializer):
    location = SqidField("locations.location")
    handling_unit = SqidField("inventory.handlingunit", required=False)
    status = serializers.ChoiceField([s.value for s in StockStatus], required=False)
    owner = SqidField("partners.partner", required=False)


class LineBody(StrictSerializer):
    """A quantity of one article, in its base unit, from one side to the other."""

    variant = SqidField("catalog.variant")
    quantity = QuantityField()
    to = SideBody()
    lot = SqidField("inventory.lot", required=False)
    unit_cost = PriceField(required=False)
    currency = serializers.CharField(required=False, max_length=3)
    reason_code = serializers.CharField(required=False, max_length=64)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": SideBody()}


class PostingBody(StrictSerializer):
    """``(reference_type, reference_id, step)`` is booked once, whoever repeats it."""

    kind = serializers.ChoiceField([kind.value for kind in PostingKind])
    reference_type = serializers.CharField(max_length=200)
    reference_id = serializers.CharField(max_length=200)
    step = serializers.CharField(required=False, max_length=200)
    reason = serializers.CharField(required=False, max_length=200)
    occurred_at = serializers.DateTimeField(required=False)
    lines = LineBody(many=True)


class PostingsBody(StrictSerializer):
    """Up to 10,000 lines in all; booked together or not at all."""

    postings = PostingBody(many=True)


class ReceiptAnswer(serializers.Serializer[Any]):
    """``replayed``: it was there before and nothing was written."""

    posting = SqidField("inventory.posting", source="posting_id")
    movements = serializers.ListField(child=SqidField("inventory.movement"), source="movement_ids")
    replayed = serializers.BooleanField()
    recorded_at = serializers.DateTimeField()


class ReverseBody(StrictSerializer):
    """Why; and, if the original was wrong from then on, since when."""

    reason = serializers.CharField(max_length=500)
    occurred_at = serializers.DateTimeField(required=False, default=None)


class ReserveBody(StrictSerializer):
    """Hold ``quantity`` somewhere in ``within`` and below it."""

    reference_type = serializers.CharField(max_length=200)
    reference_id = serializers.CharField(max_length=200)
    line_key = serializers.CharField(max_length=200, required=False, default="1")
    variant = SqidField("catalog.variant")
    quantity = QuantityField()
    within = SqidField("locations.location")
    lot = SqidField("inventory.lot", required=False, default=None)
    partial = serializers.BooleanField(  # type: ignore[assignment]
        required=False, default=False
    )
    expires_at = serializers.DateTimeField(required=False, default=None)


class ReleaseBody(StrictSerializer):
    """All of it, or ``quantity``; why."""

    quantity = QuantityField(required=False, default=None)
    cause = serializers.CharField(required=False, default="", max_length=200)


class MoveBody(StrictSerializer):
    """Where to, and for which document."""

    location = SqidField("locations.location")
    reference_type = serializers.CharField(max_length=200)
    reference_id = serializers.CharField(max_length=200)
    step = serializers.CharField(required=False, default="", max_length=200)


class IntoBody(StrictSerializer):
    """Into which unit it is packed."""

    into = SqidField("inventory.handlingunit")


class TotalAnswer(serializers.Serializer[Any]):
    """Stock of one article in a place and everything below it."""

    variant = SqidField("catalog.variant", source="variant_id")
    sku = serializers.CharField()
    location = SqidField("locations.location", source="location_id")
    path = serializers.CharField(allow_null=True)
    on_hand = QuantityField()
    reserved = QuantityField()
    available = QuantityField()


class SummaryAnswer(serializers.Serializer[Any]):
    """Totals in the order of path and SKU; ``next`` is null on the last page."""

    next = serializers.URLField(allow_null=True)
    results = TotalAnswer(many=True)


class StepAnswer(serializers.Serializer[Any]):
    """One movement's part in a balance, and the balance after it."""

    movement = SqidField("inventory.movement", source="movement_id")
    posting = SqidField("inventory.posting", source="posting_id")
    kind = serializers.CharField()
    reference_type = serializers.CharField()
    step = serializers.CharField()
    reason = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    quantity = QuantityField()
    balance = QuantityField()


class ExplanationAnswer(serializers.Serializer[Any]):
    """The movements whose sum is the balance. ``ok``: it is."""

    ok = serializers.BooleanField()
    on_hand = QuantityField(source="balance.on_hand")
    total = QuantityField()
    steps = StepAnswer(many=True)
