"""Working calendars: weekdays and exceptions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from lodestock.kernel.models import Record

MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5]


def default_weekdays() -> list[int]:
    """Monday to Friday, as ISO weekday numbers."""
    return list(MONDAY_TO_FRIDAY)


class Calendar(Record):
    """Which weekdays are worked (ISO: Monday 1 … Sunday 7); exceptions are `CalendarDay`s."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=default_weekdays)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]),
                name="calendar_weekdays_iso",
            )
        ]

    def __str__(self) -> str:
        return self.code


class CalendarDay(Record):
    """A holiday, or a day worked although its weekday is not."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="days")
    date = models.DateField()
    working = models.BooleanField(default=False)
    name = models.CharField(max_length=120, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="calendar_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}".strip()
