"""Terms of payment."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.kernel.fields import EnumField
from lodestock.kernel.models import Record
from lodestock.partners.types import DueBasis


class PaymentTerms(Record):
    """``net_days`` after the basis day; paid within ``discount_days``, ``discount_percent`` less.

    ``NET30``: 30 days after the invoice. ``EOM15``: 15 days after the end of its month.
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    basis = EnumField(DueBasis, default=DueBasis.INVOICE_DATE)
    net_days = models.PositiveSmallIntegerField(default=0)
    discount_days = models.PositiveSmallIntegerField(null=True, blank=True)
    discount_percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "payment terms"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(discount_days__isnull=True, discount_percent__isnull=True)
                | Q(
                    discount_days__lte=models.F("net_days"),
                    discount_percent__gt=0,
                    discount_percent__lt=100,
                ),
                name="partners_paymentterms_discount",
            )
        ]

    def __str__(self) -> str:
        return self.code
