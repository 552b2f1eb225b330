"""Filters of the partners' lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db import models

from lodestock.kernel.api.filters import RecordFilterSet, SqidFilter, StrictFilterSet, WordFilter
from lodestock.kernel.gs1 import parse_gln
from lodestock.partners.models import (
    Address,
    Contact,
    LeadTimeReceipt,
    LeadTimeStatistics,
    Partner,
    PaymentTerms,
)
from lodestock.partners.types import PartnerRole

ROLE_CHOICES = [(role.value, role.value.replace("_", " ")) for role in PartnerRole]


class PaymentTermsFilterSet(RecordFilterSet):
    class Meta:
        model = PaymentTerms
        fields = ("code", "basis", "net_days")


class PartnerFilterSet(RecordFilterSet):
    """``role=supplier``: partners that are suppliers, whatever else they are."""

    role = WordFilter(method="filter_role", choices=ROLE_CHOICES)
    currency = django_filters.CharFilter("currency__code")
    payment_terms = django_filters.CharFilter("payment_terms__code")
    gln = django_filters.CharFilter(method="filter_gln")

    class Meta:
        model = Partner
        fields = {"code": ["exact", "in"], "country": ["exact"], "incoterm": ["exact"]}

    def filter_role(self, rows: Any, name: str, value: str) -> models.QuerySet[Partner]:
        return rows.filter(roles__contains=[value])

    def filter_gln(self, rows: Any, name: str, value: str) -> models.QuerySet[Partner]:
        return rows.filter(gln=parse_gln(value))


class ContactFilterSet(RecordFilterSet):
    class Meta:
        model = Contact
        fields = ("partner", "primary", "email")


class AddressFilterSet(RecordFilterSet):
    class Meta:
        model = Address
        fields = ("partner", "kind", "country", "postal_code", "gln")


class LeadTimeReceiptFilterSet(StrictFilterSet):
    class Meta:
        model = LeadTimeReceipt
        fields = {
            "partner": ["exact"],
            "reference_type": ["exact"],
            "received_on": ["gte", "lte"],
        }


class LeadTimeStatisticsFilterSet(StrictFilterSet):
    partner = SqidFilter("partner_id", label_of="partners.partner")
    code = django_filters.CharFilter("partner__code")

    class Meta:
        model = LeadTimeStatistics
        fields = {"count": ["gte"]}
