"""What the ledger knows about itself: partitions, the sealed past, months reached back to."""

from __future__ import annotations

from django.db import models

from lodestock.kernel.models import Projection


class LedgerState(Projection):
    """One row. Nothing can be recorded before ``sealed_until`` any more."""

    written_by = "functions"

    id = models.SmallIntegerField(primary_key=True, default=1)
    sealed_until = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "inventory_ledgerstate"

    def __str__(self) -> str:
        return f"sealed until {self.sealed_until}"


class MovementPartition(Projection):
    """A month of the ledger that has its table; sealed, it also says what time it speaks of."""

    written_by = "functions"

    name = models.TextField(primary_key=True)
    range_start = models.DateTimeField(unique=True)
    range_end = models.DateTimeField(unique=True)
    occurred_min = models.DateTimeField(null=True)
    occurred_max = models.DateTimeField(null=True)

    class Meta:
        managed = False
        ordering = ["range_start"]
        db_table = "inventory_movementpartition"

    def __str__(self) -> str:
        return self.name


class Backdating(Projection):
    """That movements recorded in one month occurred in an earlier one."""

    written_by = "functions"

    id = models.BigAutoField(primary_key=True)
    recorded_month = models.DateField()
    occurred_month = models.DateField()

    class Meta:
        managed = False
        db_table = "inventory_backdating"

    def __str__(self) -> str:
        return f"{self.occurred_month} in {self.recorded_month}"
