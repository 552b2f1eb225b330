"""How long suppliers really take: the evidence, and the figures kept from it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from lodestock.kernel import ids
from lodestock.kernel.models import Fact, Projection
from lodestock.partners.domain.lead_times import mean_and_sd
from lodestock.partners.types import LeadTime


class LeadTimeReceipt(Fact):
    """One receipt of goods as evidence of a lead time; each reference counts once, for ever."""

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="lead_time_receipts"
    )
    reference_type = models.CharField(max_length=40)
    reference_id = models.CharField(max_length=80)
    ordered_on = models.DateField()
    received_on = models.DateField()

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["reference_type", "reference_id"], name="partners_leadtimereceipt_once"
            ),
            models.CheckConstraint(
                condition=Q(received_on__gte=F("ordered_on")),
                name="partners_leadtimereceipt_order",
            ),
        ]
        indexes = [models.Index(fields=["partner", "received_on"], name="partners_receipts")]

    @property
    def days(self) -> int:
        """From order to receipt."""
        return (self.received_on - self.ordered_on).days

    def __str__(self) -> str:
        return f"{self.reference_type} {self.reference_id}"


class LeadTimeStatistics(Projection):
    """Observed lead time of one supplier: count and power sums, so that it adds up exactly."""

    partner = models.OneToOneField(
        "partners.Partner",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="observed_lead_time",
    )
    count = models.PositiveIntegerField(default=0)
    total_days = models.BigIntegerField(default=0)
    total_squared_days = models.BigIntegerField(default=0)
    shortest_days = models.PositiveIntegerField(null=True)
    longest_days = models.PositiveIntegerField(null=True)
    last_received_on = models.DateField(null=True)

    class Meta(Projection.Meta):
        verbose_name = verbose_name_plural = "lead time statistics"

    @property
    def sqid(self) -> str:
        """The public id; it stays the same when the statistics are rebuilt."""
        return ids.encode(self._meta.label_lower, self.partner_id)

    @property
    def lead_time(self) -> LeadTime | None:
        """Mean and sample standard deviation; ``None`` before the first receipt."""
        if not self.count:
            return None
        mean, sd = mean_and_sd(self.count, self.total_days, self.total_squared_days)
        return LeadTime(mean_days=mean, sd_days=sd or Decimal(0), source="observed")

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.count} receipts"
