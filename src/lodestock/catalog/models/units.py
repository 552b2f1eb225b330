"""How many base units another unit of a variant holds."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import Q

from lodestock.kernel.models import Record


class VariantUom(Record):
    """One ``uom`` of the variant is exactly ``numerator / denominator`` base units.

    A case of 12 is 12/1; a third of a kilogram a piece makes the kilogram 3/1. Two whole numbers,
    because a decimal could not hold ten thirds.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="units")
    uom = models.ForeignKey("organisation.Uom", on_delete=models.PROTECT, related_name="+")
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(default=1)
    gtin = models.CharField("GTIN", max_length=14, unique=True, null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = "variant unit"
        ordering = ["variant_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["variant", "uom"], name="catalog_variantuom_once"),
            models.CheckConstraint(
                condition=Q(numerator__gt=0, denominator__gt=0), name="catalog_variantuom_positive"
            ),
            models.CheckConstraint(
                condition=Q(gtin__isnull=True) | Q(gtin__regex=r"^[0-9]{14}$"),
                name="catalog_variantuom_gtin_digits",
            ),
        ]

    @property
    def factor(self) -> Fraction:
        """Base units in one of this unit, exactly."""
        return Fraction(self.numerator, self.denominator)

    def __str__(self) -> str:
        return f"{self.uom_id}: {self.factor}"
