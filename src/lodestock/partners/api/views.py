"""Partners over HTTP. A portal user sees the partner they work for and nobody else."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.kernel.api.viewsets import ReadViewSet, RecordViewSet
from lodestock.kernel.principals import Principal, limit_to_scope
from lodestock.partners import selectors, services
from lodestock.partners.models import (
    Address,
    Contact,
    LeadTimeReceipt,
    LeadTimeStatistics,
    Partner,
    PaymentTerms,
)

from . import filters, serializers


class PaymentTermsViewSet(RecordViewSet[PaymentTerms]):
    """Terms of payment."""

    model = PaymentTerms
    serializer_class = serializers.PaymentTermsSerializer
    filterset_class = filters.PaymentTermsFilterSet
    ordering_fields = ("code", "name", "net_days", "created_at")
    ordering = ("code",)
    search_fields = ("code", "name")

    def visible_to(self, principal: Principal) -> models.QuerySet[PaymentTerms]:
        return PaymentTerms.objects.all()

    def create_row(self, serializer: Any) -> PaymentTerms:
        return services.create_terms(**serializer.validated_data)

    def change_row(self, row: PaymentTerms, serializer: Any) -> PaymentTerms:
        return services.change_terms(terms_id=row.pk, **serializer.validated_data)

    def deactivate_row(self, row: PaymentTerms) -> None:
        services.retire_terms(terms_id=row.pk)

    def restore_row(self, row: PaymentTerms) -> None:
        services.restore_terms(terms_id=row.pk)


class PartnerViewSet(RecordViewSet[Partner]):
    """Suppliers, customers, carriers, our own companies."""

    model = Partner
    serializer_class = serializers.PartnerSerializer
    filterset_class = filters.PartnerFilterSet
    ordering_fields = ("code", "name", "country", "created_at", "updated_at")
    ordering = ("code",)
    search_fields = ("code", "name", "gln", "tax_number")
    permissions = {"supply_dates": "partners.view_partner"}

    def visible_to(self, principal: Principal) -> models.QuerySet[Partner]:
        return selectors.visible_partners(principal).select_related("currency", "payment_terms")

    def scope_of(self, obj: Partner) -> dict[str, int | None]:
        return {"partner": obj.pk}

    def create_row(self, serializer: Any) -> Partner:
        return services.create_partner(**serializer.validated_data)

    def change_row(self, row: Partner, serializer: Any) -> Partner:
        return services.change_partner(partner_id=row.pk, **serializer.validated_data)

    def deactivate_row(self, row: Partner) -> None:
        services.deactivate_partner(partner_id=row.pk)

    def restore_row(self, row: Partner) -> None:
        services.restore_partner(partner_id=row.pk)

    @extend_schema(
        parameters=[serializers.SupplyQuery], responses=serializers.SupplyDatesSerializer
    )
    @action(
        detail=True,
        methods=["get"],
        url_path="supply-dates",
        filterset_class=None,
        filter_backends=(),
    )
    def supply_dates(self, request: Request, sqid: str) -> Response:
        """When goods are due, late and to be paid, if they are ordered on a day."""
        partner = self.get_object()
        query = serializers.SupplyQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        dates = selectors.supply_dates(partner.pk, query.validated_data["ordered_on"])
        return Response(serializers.SupplyDatesSerializer(dates).data)


class ContactViewSet(RecordViewSet[Contact]):
    """People and desks of partners."""

    model = Contact
    serializer_class = serializers.ContactSerializer
    filterset_class = filters.ContactFilterSet
    ordering_fields = ("name", "created_at", "updated_at")
    ordering = ("name",)
    search_fields = ("name", "email", "phone", "partner__code")

    def visible_to(self, principal: Principal) -> models.QuerySet[Contact]:
        return limit_to_scope(Contact.objects.all(), principal, {"partner": "partner_id"})

    def scope_of(self, obj: Contact) -> dict[str, int | None]:
        return {"partner": obj.partner_id}

    def create_row(self, serializer: Any) -> Contact:
        fields = dict(serializer.validated_data)
        return services.add_contact(partner_id=fields.pop("partner").pk, **fields)

    def change_row(self, row: Contact, serializer: Any) -> Contact:
        fields = _without_partner(row, serializer)
        return services.change_contact(contact_id=row.pk, **fields)

    def deactivate_row(self, row: Contact) -> None:
        services.remove_contact(contact_id=row.pk)

    def restore_row(self, row: Contact) -> None:
        services.restore_contact(contact_id=row.pk)


class AddressViewSet(RecordViewSet[Address]):
    """Where partners are."""

    model = Address
    serializer_class = serializers.AddressSerializer
    filterset_class = filters.AddressFilterSet
    ordering_fields = ("city", "country", "created_at", "updated_at")
    ordering = ("-id",)
    search_fields = ("name", "city", "postal_code", "partner__code")

    def visible_to(self, principal: Principal) -> models.QuerySet[Address]:
        return limit_to_scope(Address.objects.all(), principal, {"partner": "partner_id"})

    def scope_of(self, obj: Address) -> dict[str, int | None]:
        return {"partner": obj.partner_id}

    def create_row(self, serializer: Any) -> Address:
        fields = dict(serializer.validated_data)
        return services.add_address(partner_id=fields.pop("partner").pk, **fields)

    def change_row(self, row: Address, serializer: Any) -> Address:
        fields = _without_partner(row, serializer)
        return services.change_address(address_id=row.pk, **fields)

    def deactivate_row(self, row: Address) -> None:
        services.remove_address(address_id=row.pk)

    def restore_row(self, row: Address) -> None:
        services.restore_address(address_id=row.pk)


class LeadTimeReceiptViewSet(ReadViewSet[LeadTimeReceipt]):
    """The evidence behind observed lead times."""

    model = LeadTimeReceipt
    serializer_class = serializers.LeadTimeReceiptSerializer
    filterset_class = filters.LeadTimeReceiptFilterSet
    ordering_fields = ("received_on", "ordered_on", "recorded_at")
    ordering = ("-id",)
    search_fields = ("reference_type", "partner__code", "partner__name")

    def visible_to(self, principal: Principal) -> models.QuerySet[LeadTimeReceipt]:
        rows = LeadTimeReceipt.objects.all()
        return limit_to_scope(rows, principal, {"partner": "partner_id"})


class LeadTimeStatisticsViewSet(ReadViewSet[LeadTimeStatistics]):
    """Observed lead times by supplier."""

    model = LeadTimeStatistics
    serializer_class = serializers.LeadTimeStatisticsSerializer
    filterset_class = filters.LeadTimeStatisticsFilterSet
    ordering_fields = ("count", "last_received_on")
    ordering = ("-count",)
    search_fields = ("partner__code", "partner__name")

    def visible_to(self, principal: Principal) -> models.QuerySet[LeadTimeStatistics]:
        rows = LeadTimeStatistics.objects.select_related("partner")
        return limit_to_scope(rows, principal, {"partner": "partner_id"})


def _without_partner(row: Contact | Address, serializer: Any) -> dict[str, Any]:
    """The changes; somebody else's contact or address is a new one."""
    fields = dict(serializer.validated_data)
    partner = fields.pop("partner", None)
    if partner is not None and partner.pk != row.partner_id:
        raise services.belongs_to_partner(row)
    return fields
