"""What the carrier lifts: one box, one label."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.kernel.fields import QuantityField
from lodestock.kernel.models import Record


class Parcel(Record):
    """One package of a shipment. ``sscc`` is the 18-digit GS1 number on its label."""

    shipment = models.ForeignKey(
        "shipping.Shipment", on_delete=models.PROTECT, related_name="parcels"
    )
    parcel_no = models.PositiveIntegerField()
    sscc = models.CharField("SSCC", max_length=18, unique=True, null=True, blank=True)
    tracking_no = models.CharField("tracking number", max_length=80, blank=True, default="")
    weight_kg = QuantityField(null=True, blank=True)
    length_mm = QuantityField(null=True, blank=True)
    width_mm = QuantityField(null=True, blank=True)
    height_mm = QuantityField(null=True, blank=True)

    class Meta(Record.Meta):
        ordering = ["shipment_id", "parcel_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "parcel_no"], name="shipping_parcel_numbered"
            ),
            models.CheckConstraint(
                condition=Q(sscc__isnull=True) | Q(sscc__regex=r"^[0-9]{18}$"),
                name="shipping_parcel_sscc_digits",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=True) | Q(weight_kg__gt=0),
                name="shipping_parcel_weight_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}/{self.parcel_no}"
