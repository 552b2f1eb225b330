"""A shipment: goods on their way, one document."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lodestock.kernel.fields import (
    AmountField,
    EnumField,
    QuantityField,
    StatusField,
    code_reference,
)
from lodestock.kernel.models import Record
from lodestock.shipping.domain.machine import SHIPMENT
from lodestock.shipping.types import Direction, Meaning, Mode


class Shipment(Record):
    """Goods that travel together. Why they do is an opaque ``cause_type`` and ``cause_id``.

    ``direct`` goods go from a supplier to a customer and never touch our own stock. Weight is
    gross kilograms; a missing weight or freight cost says why in its ``…_meaning``.
    """

    number = models.CharField(max_length=60, unique=True)
    direction = EnumField(Direction)
    direct = models.BooleanField(default=False)
    status = StatusField(SHIPMENT)
    carrier = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    service = models.CharField(max_length=80, blank=True, default="")
    mode = EnumField(Mode, default=Mode.UNSTATED)
    tracking_no = models.CharField("tracking number", max_length=80, blank=True, default="")
    origin_partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    destination_partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    origin_location = models.ForeignKey(
        "locations.Location", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    destination_location = models.ForeignKey(
        "locations.Location", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    scheduled_on = models.DateField(null=True, blank=True)
    planned_at = models.DateTimeField()
    departed_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    pod_received_by = models.CharField(max_length=160, blank=True, default="")
    pod_received_at = models.DateTimeField(null=True, blank=True)
    pod_file_sha256 = models.CharField(max_length=64, blank=True, default="")
    weight_kg = QuantityField(null=True, blank=True)
    weight_meaning = EnumField(Meaning, default=Meaning.NOT_STATED)
    freight_cost = AmountField(null=True, blank=True)
    freight_meaning = EnumField(Meaning, default=Meaning.NOT_STATED)
    currency = code_reference("organisation.Currency", "currency", null=True, blank=True)
    cause_type = models.CharField(max_length=40, blank=True, default="")
    cause_id = models.CharField(max_length=80, blank=True, default="")
    source = models.CharField(max_length=80, blank=True, default="")
    external_id = models.CharField(max_length=120, blank=True, default="")

    class Meta(Record.Meta):
        ordering = ["-planned_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="shipping_shipment_known_once",
            ),
            models.CheckConstraint(
                condition=Q(departed_at__isnull=True)
                | Q(delivered_at__isnull=True)
                | Q(delivered_at__gte=F("departed_at")),
                name="shipping_shipment_departs_first",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=False, weight_meaning=Meaning.STATED)
                | (Q(weight_kg__isnull=True) & ~Q(weight_meaning=Meaning.STATED)),
                name="shipping_shipment_weight_meant",
            ),
            models.CheckConstraint(
                condition=Q(freight_cost__isnull=False, freight_meaning=Meaning.STATED)
                | (Q(freight_cost__isnull=True) & ~Q(freight_meaning=Meaning.STATED)),
                name="shipping_shipment_freight_meant",
            ),
        ]
        indexes = [
            models.Index(fields=["cause_type", "cause_id"], name="shipping_shipment_cause"),
            models.Index(fields=["status", "-planned_at"], name="shipping_shipment_status"),
            models.Index(fields=["-planned_at", "-id"], name="shipping_shipment_newest"),
        ]

    def __str__(self) -> str:
        return self.number
