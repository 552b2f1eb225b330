"""Which thing a GTIN names: over variants and packs, each number once."""

from __future__ import annotations

from django.db import models

from lodestock.kernel.models import Projection


class GtinClaim(Projection):
    """A number and the one thing that has it: a variant, or a pack of it (``unit``).

    Written by triggers on the two tables, so that its key refuses a number that is on one and
    comes to the other, on whatever path and however many at once. Retired things keep theirs.
    """

    written_by = "functions"

    gtin = models.CharField("GTIN", max_length=14, primary_key=True)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.DO_NOTHING, related_name="+")
    unit = models.ForeignKey(
        "catalog.VariantUom",
        on_delete=models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="pack",
    )

    class Meta:
        verbose_name = "GTIN claim"
        ordering = ["gtin"]

    def __str__(self) -> str:
        return self.gtin
