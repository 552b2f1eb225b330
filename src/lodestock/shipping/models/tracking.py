"""What a carrier reported, kept as it came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.kernel.models import Fact


class TrackingEvent(Fact):
    """One message of a carrier about a shipment. ``code`` is the carrier's own word for it.

    ``verb`` is the step of the shipment's machine it led to, empty when it led to none.
    """

    shipment = models.ForeignKey(
        "shipping.Shipment", on_delete=models.PROTECT, related_name="tracking"
    )
    parcel = models.ForeignKey(
        "shipping.Parcel", on_delete=models.PROTECT, null=True, blank=True, related_name="tracking"
    )
    code = models.CharField(max_length=40)
    description = models.CharField(max_length=255, blank=True, default="")
    place = models.CharField(max_length=160, blank=True, default="")
    verb = models.CharField(max_length=40, blank=True, default="")
    occurred_at = models.DateTimeField()
    source = models.CharField(max_length=80, blank=True, default="")
    external_id = models.CharField(max_length=120, blank=True, default="")

    class Meta(Fact.Meta):
        ordering = ["occurred_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="shipping_trackingevent_once",
            )
        ]
        indexes = [
            models.Index(fields=["shipment", "occurred_at"], name="shipping_tracking_of_shipment")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.occurred_at:%Y-%m-%d %H:%M}"
