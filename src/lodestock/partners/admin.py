"""The back office of partners. Every edit goes through the services, so it is told."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from lodestock.kernel.admin import ReadOnlyAdmin, ReadOnlyInline, VerbAdmin

from . import services
from .models import (
    Address,
    Contact,
    LeadTimeReceipt,
    LeadTimeStatistics,
    Partner,
    PaymentTerms,
)

_TIMES = ("created_at", "updated_at")


class ContactInline(ReadOnlyInline):
    model = Contact
    fields = ("name", "function", "email", "phone", "primary", "active")


class AddressInline(ReadOnlyInline):
    model = Address
    fields = ("kind", "name", "lines", "postal_code", "city", "country", "gln", "active")


@admin.register(Partner)
class PartnerAdmin(VerbAdmin):
    list_display = ("code", "name", "roles", "country", "payment_terms", "currency", "active")
    list_filter = ("active", "country", "payment_terms")
    list_select_related = ("payment_terms", "currency")
    search_fields = ("code", "name", "gln", "tax_number")
    inlines = (ContactInline, AddressInline)

    def make(self, values: dict[str, Any]) -> Partner:
        return services.create_partner(**_by_code(values))

    def edit(self, row: Partner, changed: dict[str, Any]) -> None:
        services.change_partner(partner_id=row.pk, **_by_code(changed))

    def retire(self, row: Partner) -> None:
        services.deactivate_partner(partner_id=row.pk)

    def restore(self, row: Partner) -> None:
        services.restore_partner(partner_id=row.pk)


def _by_code(values: dict[str, Any]) -> dict[str, Any]:
    """Rows of lists as the codes that services take."""
    named = {
        name: values[name].code if values[name] else None
        for name in ("currency", "payment_terms")
        if name in values
    }
    return values | named


@admin.register(PaymentTerms)
class PaymentTermsAdmin(VerbAdmin):
    list_display = ("code", "name", "basis", "net_days", "discount_days", "active")
    list_filter = ("active", "basis")
    search_fields = ("code", "name")

    def make(self, values: dict[str, Any]) -> PaymentTerms:
        return services.create_terms(**values)

    def edit(self, row: PaymentTerms, changed: dict[str, Any]) -> None:
        services.change_terms(terms_id=row.pk, **changed)

    def retire(self, row: PaymentTerms) -> None:
        services.retire_terms(terms_id=row.pk)

    def restore(self, row: PaymentTerms) -> None:
        services.restore_terms(terms_id=row.pk)


class PartOfPartnerAdmin(VerbAdmin):
    """What belongs to a partner stays with it."""

    autocomplete_fields = ("partner",)
    list_select_related = ("partner",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return _TIMES if obj is None else ("partner", *_TIMES)


@admin.register(Contact)
class ContactAdmin(PartOfPartnerAdmin):
    list_display = ("name", "partner", "function", "email", "phone", "primary", "active")
    list_filter = ("active", "primary")
    search_fields = ("name", "email", "partner__code", "partner__name")

    def make(self, values: dict[str, Any]) -> Contact:
        return services.add_contact(partner_id=values.pop("partner").pk, **values)

    def edit(self, row: Contact, changed: dict[str, Any]) -> None:
        services.change_contact(contact_id=row.pk, **changed)

    def retire(self, row: Contact) -> None:
        services.remove_contact(contact_id=row.pk)

    def restore(self, row: Contact) -> None:
        services.restore_contact(contact_id=row.pk)


@admin.register(Address)
class AddressAdmin(PartOfPartnerAdmin):
    list_display = ("partner", "kind", "name", "postal_code", "city", "country", "active")
    list_filter = ("active", "kind", "country")
    search_fields = ("name", "city", "postal_code", "partner__code")

    def make(self, values: dict[str, Any]) -> Address:
        return services.add_address(partner_id=values.pop("partner").pk, **values)

    def edit(self, row: Address, changed: dict[str, Any]) -> None:
        services.change_address(address_id=row.pk, **changed)

    def retire(self, row: Address) -> None:
        services.remove_address(address_id=row.pk)

    def restore(self, row: Address) -> None:
        services.restore_address(address_id=row.pk)


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
