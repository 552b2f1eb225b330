"""The back office of partners."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import TabularInline

from lodestock.kernel.admin import ReadOnlyAdmin, RecordAdmin

from .models import (
    Address,
    Contact,
    LeadTimeReceipt,
    LeadTimeStatistics,
    Partner,
    PaymentTerms,
)


class ContactInline(TabularInline):
    model = Contact
    fields = ("name", "function", "email", "phone", "primary", "active")
    extra = 0


class AddressInline(TabularInline):
    model = Address
    fields = ("kind", "name", "lines", "postal_code", "city", "country", "gln", "active")
    extra = 0


@admin.register(Partner)
class PartnerAdmin(RecordAdmin):
    list_display = ("code", "name", "roles", "country", "payment_terms", "currency", "active")
    list_filter = ("active", "country", "payment_terms")
    list_select_related = ("payment_terms", "currency")
    search_fields = ("code", "name", "gln", "tax_number")
    inlines = (ContactInline, AddressInline)


@admin.register(PaymentTerms)
class PaymentTermsAdmin(RecordAdmin):
    list_display = ("code", "name", "basis", "net_days", "discount_days", "active")
    list_filter = ("active", "basis")
    search_fields = ("code", "name")


@admin.register(Contact)
class ContactAdmin(RecordAdmin):
    list_display = ("name", "partner", "function", "email", "phone", "primary", "active")
    list_filter = ("active", "primary")
    list_select_related = ("partner",)
    search_fields = ("name", "email", "partner__code", "partner__name")
    autocomplete_fields = ("partner",)


@admin.register(Address)
class AddressAdmin(RecordAdmin):
    list_display = ("partner", "kind", "name", "postal_code", "city", "country", "active")
    list_filter = ("active", "kind", "country")
    list_select_related = ("partner",)
    search_fields = ("name", "city", "postal_code", "partner__code")
    autocomplete_fields = ("partner",)


@admin.register(LeadTimeReceipt)
class LeadTimeReceiptAdmin(ReadOnlyAdmin):
    list_display = ("partner", "reference_type", "reference_id", "ordered_on", "received_on")
    list_filter = ("reference_type",)
    list_select_related = ("partner",)
    search_fields = ("reference_id", "partner__code")
    date_hierarchy = "received_on"


@admin.register(LeadTimeStatistics)
class LeadTimeStatisticsAdmin(ReadOnlyAdmin):
    list_display = ("partner", "count", "shortest_days", "longest_days", "last_received_on")
    list_filter = ("last_received_on",)
    list_select_related = ("partner",)
    search_fields = ("partner__code", "partner__name")
