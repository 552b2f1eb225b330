"""The ledger: postings and their movements. Tables and triggers stand in sql/tables.sql."""

from __future__ import annotations

from django.db import models

from lodestock.inventory.states import PostingKind, StockStatus
from lodestock.kernel.fields import EnumField, QuantityField, UnitPriceField
from lodestock.kernel.models import Fact


class Posting(Fact):
    """One command to the ledger. Its natural key stops duplicates for ever."""

    written_by = "functions"

    kind = EnumField(PostingKind)
    reference_type = models.TextField()
    reference_id = models.TextField()
    step = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    actor_id = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    line_count = models.IntegerField()
    first_movement_id = models.BigIntegerField()
    last_movement_id = models.BigIntegerField()
    digest = models.BinaryField()

    class Meta:
        managed = False
        ordering = ["-id"]
        db_table = "inventory_posting"

    def __str__(self) -> str:
        return f"{self.kind} {self.reference_type} {self.reference_id} {self.step}".rstrip()


class Movement(Fact):
    """A quantity of one variant and lot from one side to another; immutable.

    The table is partitioned by month of ``recorded_at``, so filter by that where you can. Lot,
    handling unit and owner are 0 where there is none; there are no foreign keys.
    """

    written_by = "functions"

    posting = models.ForeignKey(
        Posting, on_delete=models.DO_NOTHING, db_constraint=False, related_name="movements"
    )
    variant = models.ForeignKey(
        "catalog.Variant", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    lot = models.ForeignKey(
        "inventory.Lot",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    quantity = QuantityField()
    source = models.ForeignKey(
        "locations.Location", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    source_hu = models.ForeignKey(
        "inventory.HandlingUnit",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    source_status = EnumField(StockStatus)
    source_owner_id = models.BigIntegerField()
    destination = models.ForeignKey(
        "locations.Location", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    destination_hu = models.ForeignKey(
        "inventory.HandlingUnit",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    destination_status = EnumField(StockStatus)
    destination_owner_id = models.BigIntegerField()
    kind = EnumField(PostingKind)
    unit_cost = UnitPriceField(null=True)
    currency = models.TextField(blank=True)
    reason_code = models.TextField(blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        managed = False
        ordering = ["-id"]
        db_table = "inventory_movement"

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} of variant {self.variant_id}"


class Reversal(Fact):
    """Says that a movement was reversed, and by which posting. Unique: once only."""

    written_by = "functions"

    movement_id = models.BigIntegerField(unique=True)
    reversing_posting = models.ForeignKey(
        Posting, on_delete=models.DO_NOTHING, related_name="reverses"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "inventory_reversal"

    def __str__(self) -> str:
        return f"reversal of movement {self.movement_id}"
