"""How partners look over HTTP."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from lodestock.kernel.api.codes import CodeField
from lodestock.kernel.api.fields import ExactDecimalField, OwnSqidField, SqidField
from lodestock.kernel.api.serializers import RecordSerializer, StrictSerializer
from lodestock.partners.models import (
    Address,
    Contact,
    LeadTimeReceipt,
    LeadTimeStatistics,
    Partner,
    PaymentTerms,
)
from lodestock.partners.types import INCOTERMS, PartnerRole

TAIL = ("active", "created_at", "updated_at")


class PaymentTermsSerializer(RecordSerializer):
    """Terms of payment; days and discount of terms once agreed never change."""

    class Meta:
        model = PaymentTerms
        fields = (
            *("sqid", "code", "name", "basis", "net_days", "discount_days", "discount_percent"),
            *TAIL,
        )
        read_only_fields = ("active",)
        extra_kwargs: ClassVar[dict[str, Any]] = {"code": {"validators": []}}
        validators: ClassVar[list[Any]] = []


class NewContact(StrictSerializer):
    """A contact given with its new partner."""

    name = serializers.CharField(max_length=160)
    function = serializers.CharField(max_length=120, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    primary = serializers.BooleanField(required=False)


class PartnerSerializer(RecordSerializer):
    """A company in one or more roles. ``contacts`` may be given on creation."""

    roles = serializers.ListField(
        child=serializers.ChoiceField([role.value for role in PartnerRole]), min_length=1
    )
    gln = serializers.CharField(max_length=20, required=False, allow_null=True)
    country = serializers.CharField(max_length=2, required=False, allow_blank=True)
    incoterm = serializers.ChoiceField(INCOTERMS, required=False, allow_blank=True)
    currency = CodeField(max_length=3, required=False, allow_null=True)
    payment_terms = CodeField(max_length=32, required=False, allow_null=True)
    contacts = NewContact(many=True, write_only=True, required=False)

    class Meta:
        model = Partner
        fields = (
            *("sqid", "code", "name", "roles", "gln", "tax_number", "country", "payment_terms"),
            *("incoterm", "currency", "lead_time_days_mean", "lead_time_days_sd", "contacts"),
            *TAIL,
        )
        read_only_fields = ("active",)
        extra_kwargs: ClassVar[dict[str, Any]] = {"code": {"validators": []}}


class ContactSerializer(RecordSerializer):
    """A person or desk of a partner; setting ``primary`` takes it from the one before."""

    class Meta:
        model = Contact
        fields = ("sqid", "partner", "name", "function", "email", "phone", "primary", *TAIL)
        read_only_fields = ("active",)
        validators: ClassVar[list[Any]] = []


class AddressSerializer(RecordSerializer):
    """Where a partner is; ``country`` is an ISO 3166-1 code of two letters."""

    gln = serializers.CharField(max_length=20, required=False, allow_null=True)

    class Meta:
        model = Address
        fields = (
            *("sqid", "partner", "kind", "name", "lines", "postal_code", "city", "region"),
            *("country", "gln", *TAIL),
        )
        read_only_fields = ("active",)
        validators: ClassVar[list[Any]] = []


class LeadTimeReceiptSerializer(RecordSerializer):
    """One receipt as evidence of a lead time; which one it was, its own room tells."""

    days = serializers.IntegerField(read_only=True)

    class Meta:
        model = LeadTimeReceipt
        fields = (
            *("sqid", "partner", "reference_type", "ordered_on", "received_on"),
            *("days", "recorded_at"),
        )


class LeadTimeStatisticsSerializer(serializers.ModelSerializer[LeadTimeStatistics]):
    """What a supplier's lead times turned out to be."""

    sqid = OwnSqidField()
    partner = SqidField("partners.partner", source="partner_id", read_only=True)
    code = serializers.CharField(source="partner.code", read_only=True)
    mean_days = ExactDecimalField(source="lead_time.mean_days", decimal_places=3, read_only=True)
    sd_days = ExactDecimalField(source="lead_time.sd_days", decimal_places=3, read_only=True)

    class Meta:
        model = LeadTimeStatistics
        fields = (
            *("sqid", "partner", "code", "count", "mean_days", "sd_days", "shortest_days"),
            *("longest_days", "last_received_on"),
        )
        read_only_fields = fields


class SupplyQuery(StrictSerializer):
    """The day of the order."""

    ordered_on = serializers.DateField()


class SupplyDatesSerializer(serializers.Serializer[Any]):
    """The dates that follow from ordering on a day; null where nothing is agreed or known."""

    ordered_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    required_by = serializers.DateField(allow_null=True)
    payment_due_on = serializers.DateField(allow_null=True)
