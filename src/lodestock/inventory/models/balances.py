"""Balances: what the ledger adds up to now, kept in the transaction of every posting."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from lodestock.inventory.states import StockStatus
from lodestock.kernel.fields import EnumField, QuantityField
from lodestock.kernel.ids import encode
from lodestock.kernel.models import Projection


class Balance(Projection):
    """Quantity of one variant, lot, status and owner in one place; physical and transit places.

    ``on_hand`` includes what is ``reserved`` (promised) and what is ``in_units`` (packed in
    handling units). Rebuildable from the ledger, never authoritative.
    """

    written_by = "functions"

    id = models.BigAutoField(primary_key=True)
    variant = models.ForeignKey(
        "catalog.Variant", on_delete=models.DO_NOTHING, related_name="balances"
    )
    location = models.ForeignKey(
        "locations.Location", on_delete=models.DO_NOTHING, related_name="balances"
    )
    lot_id = models.BigIntegerField(default=0)
    lot = models.ForeignObject(
        "inventory.Lot",
        on_delete=models.DO_NOTHING,
        from_fields=["lot_id"],
        to_fields=["id"],
        null=True,
        related_name="balances",
    )
    status = EnumField(StockStatus)
    owner = models.ForeignKey("partners.Partner", on_delete=models.DO_NOTHING, related_name="+")
    on_hand = QuantityField(default=0)
    reserved = QuantityField(default=0)
    in_units = QuantityField(default=0)
    version = models.BigIntegerField(default=0)
    allow_negative = models.BooleanField(default=False)
    expires_on = models.DateField()
    tracking = models.TextField()

    class Meta:
        managed = False
        db_table = "inventory_balance"

    @property
    def sqid(self) -> str:
        """The public id of this row."""
        return encode(self._meta.label_lower, self.pk)

    @property
    def available(self) -> Decimal:
        """What may still be promised: nothing of stock that is held or in quarantine."""
        return self.on_hand - self.reserved if self.status == "available" else Decimal(0)

    def __str__(self) -> str:
        return f"variant {self.variant_id} at {self.location_id}: {self.on_hand}"
