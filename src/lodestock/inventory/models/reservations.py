"""Reservations: promises of stock to somebody known only by reference."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lodestock.inventory.states import RESERVATION_MACHINE, StockStatus
from lodestock.kernel.fields import EnumField, QuantityField, StatusField
from lodestock.kernel.ids import encode
from lodestock.kernel.models import Projection


class Reservation(Projection):
    """A promise; its history is its events. ``shortage`` could not be pinned, counts nowhere."""

    written_by = "functions"

    id = models.BigAutoField(primary_key=True)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.DO_NOTHING, related_name="+")
    quantity = QuantityField()
    shortage = QuantityField(default=0)
    status = StatusField(RESERVATION_MACHINE)
    reference_type = models.TextField()
    reference_id = models.TextField()
    line_key = models.TextField(blank=True)
    scope = ArrayField(models.BigIntegerField())
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        managed = False
        ordering = ["-id"]
        db_table = "inventory_reservation"

    @property
    def sqid(self) -> str:
        """The public id of this row."""
        return encode(self._meta.label_lower, self.pk)

    def __str__(self) -> str:
        return f"{self.reference_type} {self.reference_id} {self.line_key}".rstrip()


class ReservationLine(Projection):
    """What one reservation holds on one balance row, and what of it was consumed."""

    written_by = "functions"

    id = models.BigAutoField(primary_key=True)
    reservation = models.ForeignKey(Reservation, on_delete=models.DO_NOTHING, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.DO_NOTHING, related_name="+")
    location = models.ForeignKey(
        "locations.Location", on_delete=models.DO_NOTHING, related_name="+"
    )
    lot = models.ForeignKey(
        "inventory.Lot",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    status = EnumField(StockStatus)
    owner_id = models.BigIntegerField(default=0)
    held = QuantityField()
    consumed = QuantityField(default=0)

    class Meta:
        managed = False
        db_table = "inventory_reservationline"

    def __str__(self) -> str:
        return f"{self.held} held at {self.location_id}"
