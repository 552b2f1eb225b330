"""Lots: goods made together, expiring together, recalled together."""

from __future__ import annotations

from django.db import models

from lodestock.inventory.states import LOT_MACHINE
from lodestock.kernel.fields import QuantityField, StatusField
from lodestock.kernel.models import Record


class Lot(Record):
    """One lot of one variant. Its status blocks promising it and moves no stock.

    ``potency`` is a percentage; ``origin`` an ISO country code. Once stocked, a lot keeps its
    variant.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="lots")
    code = models.CharField("lot number", max_length=80)
    status = StatusField(LOT_MACHINE)
    supplier = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    potency = QuantityField(null=True, blank=True)
    origin = models.CharField(max_length=2, blank=True)
    certificate = models.CharField("certificate of analysis", max_length=120, blank=True)

    class Meta(Record.Meta):
        ordering = ["variant_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["variant", "code"], name="inventory_lot_code"),
            models.UniqueConstraint(fields=["id", "variant"], name="inventory_lot_id_variant"),
            models.CheckConstraint(
                condition=models.Q(code__gt=""), name="inventory_lot_code_given"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True)
                | models.Q(made_on__isnull=True)
                | models.Q(expires_on__gte=models.F("made_on")),
                name="inventory_lot_expires_after_made",
            ),
        ]
        indexes = [models.Index(fields=["expires_on"], name="inventory_lot_expiry")]

    def __str__(self) -> str:
        return self.code
