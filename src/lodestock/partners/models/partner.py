"""Partners: every company we deal with, our own ones included."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from lodestock.kernel.fields import EnumField
from lodestock.kernel.models import Record
from lodestock.partners.types import INCOTERMS, PartnerRole

ROLES = [role.value for role in PartnerRole]


class Partner(Record):
    """A company or person in one or more ``roles``.

    ``lead_time_days_mean`` and ``…_sd`` are what was agreed; what was measured stands in
    ``LeadTimeStatistics``. Row 0 is the ledger's "owner not specified" and never shown.
    """

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    roles = ArrayField(EnumField(PartnerRole))
    gln = models.CharField("GLN", max_length=13, unique=True, null=True, blank=True)
    tax_number = models.CharField(max_length=40, blank=True)
    country = models.CharField("country (ISO 3166-1 alpha-2)", max_length=2, blank=True)
    payment_terms = models.ForeignKey(
        "partners.PaymentTerms", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    incoterm = EnumField(INCOTERMS, blank=True, default="")
    currency = models.ForeignKey(
        "organisation.Currency", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lead_time_days_mean = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    lead_time_days_sd = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)

    class Meta(Record.Meta):
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(roles__contained_by=ROLES),
                name="partners_partner_roles_known",
            ),
            models.CheckConstraint(
                condition=Q(gln__isnull=True) | Q(gln__regex=r"^[0-9]{13}$"),
                name="partners_partner_gln_digits",
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"),
                name="partners_partner_country",
            ),
            models.CheckConstraint(
                condition=Q(lead_time_days_mean__isnull=True) | Q(lead_time_days_mean__gte=0),
                name="partners_partner_lead_time",
            ),
            models.CheckConstraint(
                condition=Q(lead_time_days_sd__isnull=True)
                | Q(lead_time_days_sd__gte=0, lead_time_days_mean__isnull=False),
                name="partners_partner_lead_time_sd",
            ),
        ]
        indexes = [GinIndex(fields=["roles"], name="partners_partner_roles")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
