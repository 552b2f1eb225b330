"""Units of measure with exact factors."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.kernel.fields import EnumField, ExactFactorField
from lodestock.kernel.models import Record

DIMENSIONS = ("count", "mass", "length", "area", "volume", "time")


class Uom(Record):
    """A unit: one of it is exactly ``factor`` base units of its ``dimension``.

    Packs such as *case* and *pallet* are of dimension ``count`` but have no factor here: how many
    a case holds is a fact of the variant (see catalog), and ``factor`` is null.
    """

    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)
    dimension = EnumField(DIMENSIONS)
    factor = ExactFactorField(null=True, blank=True)
    is_base = models.BooleanField(default=False)
    decimal_places = models.PositiveSmallIntegerField(default=6)

    class Meta(Record.Meta):
        verbose_name = "unit of measure"
        verbose_name_plural = "units of measure"
        constraints = [
            models.CheckConstraint(
                condition=Q(factor__isnull=True) | Q(factor__gt=0), name="uom_factor_positive"
            ),
            models.CheckConstraint(
                condition=Q(is_base=False) | Q(factor=1), name="uom_base_has_factor_one"
            ),
            models.CheckConstraint(
                condition=Q(factor__isnull=False) | Q(dimension="count"), name="uom_packs_count"
            ),
            models.CheckConstraint(condition=Q(decimal_places__lte=6), name="uom_places_max"),
            models.UniqueConstraint(
                fields=["dimension"], condition=Q(is_base=True), name="uom_one_base_a_dimension"
            ),
        ]

    def __str__(self) -> str:
        return self.code
