"""A balance per variant and location, and a row per transaction, with ordinary foreign keys."""

from __future__ import annotations

from django.db import models


class NaiveBalance(models.Model):
    """How much lies where."""

    variant = models.ForeignKey("catalog.Variant", models.PROTECT, related_name="+")
    location = models.ForeignKey("locations.Location", models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        unique_together = [("variant", "location")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.variant_id} at {self.location_id}"


class NaiveTransaction(models.Model):
    """One movement."""

    variant = models.ForeignKey("catalog.Variant", models.PROTECT, related_name="+")
    source = models.ForeignKey("locations.Location", models.PROTECT, related_name="+")
    destination = models.ForeignKey("locations.Location", models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=20, decimal_places=6)
    reference = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.quantity} of {self.variant_id}"
