"""Why something was done: numbered codes in families."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.kernel.fields import EnumField
from lodestock.kernel.models import Record

#: Family → first number; each family owns the hundred that starts there.
FAMILIES = {
    "adjustment": 100,
    "count": 200,
    "scrap": 300,
    "return": 400,
    "cancellation": 500,
    "hold": 600,
    "correction": 700,
    "transfer": 800,
    "discrepancy": 900,
}


def _in_family() -> Q:
    matching = Q()
    for family, first in FAMILIES.items():
        matching |= Q(family=family, number__gte=first, number__lt=first + 100)
    return matching


class ReasonCode(Record):
    """A reason a person may choose; ``number`` is stable, lies in its family's hundred."""

    code = models.CharField(max_length=40, unique=True)
    number = models.PositiveSmallIntegerField(unique=True)
    family = EnumField(FAMILIES)
    name = models.CharField(max_length=120)
    note_required = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=_in_family(), name="reason_number_in_family")
        ]

    def __str__(self) -> str:
        return self.code
