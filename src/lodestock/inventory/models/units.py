"""Handling units: rolls, pallets, cases, single pieces with a serial number."""

from __future__ import annotations

import uuid

from django.db import models

from lodestock.inventory.states import StockStatus, UnitKind
from lodestock.kernel.fields import EnumField, QuantityField
from lodestock.kernel.models import Projection, Record


class HandlingUnit(Record):
    """One physically identified thing. Its place stands on its root; what is packed in it
    follows. Place and parent are changed by the ledger's functions only (a trigger sees to it).

    Weights are in kilograms. ``divisible``: may be cut (a roll).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = EnumField(UnitKind)
    sscc = models.CharField("SSCC", max_length=18, unique=True, null=True, blank=True)
    serial = models.CharField("serial number", max_length=80, blank=True)
    variant = models.ForeignKey(
        "catalog.Variant",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="What it holds and nothing else; a serial number is unique within it.",
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    location = models.ForeignKey(
        "locations.Location",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handling_units",
    )
    gross_kg = QuantityField(null=True, blank=True)
    tare_kg = QuantityField(null=True, blank=True)
    net_kg = QuantityField(null=True, blank=True)
    divisible = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "serial"],
                condition=models.Q(serial__gt=""),
                name="inventory_unit_serial_of_variant",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True, location__isnull=False)
                | models.Q(parent__isnull=False, location__isnull=True),
                name="inventory_unit_place_on_root",
            ),
            models.CheckConstraint(
                condition=models.Q(sscc__isnull=True) | models.Q(sscc__regex=r"^[0-9]{18}$"),
                name="inventory_unit_sscc_digits",
            ),
        ]
        indexes = [models.Index(fields=["serial"], name="inventory_unit_serial")]

    def __str__(self) -> str:
        return self.sscc or self.serial or str(self.uuid)


class HuContent(Projection):
    """What is inside a handling unit; written with the movement that packs or unpacks it."""

    written_by = "functions"

    id = models.BigAutoField(primary_key=True)
    hu = models.ForeignKey(HandlingUnit, on_delete=models.DO_NOTHING, related_name="contents")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.DO_NOTHING, related_name="+")
    lot_id = models.BigIntegerField(default=0)
    lot = models.ForeignObject(
        "inventory.Lot",
        on_delete=models.DO_NOTHING,
        from_fields=["lot_id"],
        to_fields=["id"],
        null=True,
        related_name="+",
    )
    status = EnumField(StockStatus)
    owner = models.ForeignKey(
        "partners.Partner", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    quantity = QuantityField()

    class Meta:
        managed = False
        db_table = "inventory_hucontent"

    def __str__(self) -> str:
        return f"{self.quantity} of variant {self.variant_id} in unit {self.hu_id}"
