"""Stock periods: once closed, the past needs permission."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func

from lodestock.inventory.states import PERIOD_MACHINE
from lodestock.kernel.fields import StatusField
from lodestock.kernel.models import Record


class _Span(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class StockPeriod(Record):
    """A span of time, usually a month, that is closed as a whole. Spans never overlap."""

    code = models.CharField(max_length=20, unique=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = StatusField(PERIOD_MACHINE)
    closed_by_id = models.BigIntegerField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="inventory_period_forward",
            ),
            ExclusionConstraint(
                name="inventory_period_no_overlap",
                expressions=[
                    (_Span("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS)
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.code
