"""Stock at the beginning of months, on both clocks.

The rows (``inventory_snapshotrow``) are many and read only by SQL: they have no model.
"""

from __future__ import annotations

from django.db import models

from lodestock.kernel.fields import EnumField
from lodestock.kernel.models import Projection


class Snapshot(Projection):
    """One boundary on one axis.

    ``recorded``: the whole stock as we believed it then. ``late``: what was learned afterwards,
    before ``built_through``, about that instant. Both together are what was true then.
    """

    written_by = "functions"

    id = models.BigAutoField(primary_key=True)
    axis = EnumField(["recorded", "late"])
    boundary = models.DateTimeField()
    built_through = models.DateTimeField()
    built_at = models.DateTimeField()
    row_count = models.BigIntegerField()

    class Meta:
        managed = False
        ordering = ["axis", "-boundary"]
        db_table = "inventory_snapshot"

    def __str__(self) -> str:
        return f"{self.axis} {self.boundary:%Y-%m}"
