"""Counting in working days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lodestock.kernel.errors import InvalidInput

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Worked weekdays (ISO numbers) and the days that differ from them."""

    weekdays: Collection[int]
    exceptions: Mapping[date, bool]

    def works(self, day: date) -> bool:
        """Whether ``day`` is worked."""
        return self.exceptions.get(day, day.isoweekday() in self.weekdays)

    def add(self, day: date, working_days: int) -> date:
        """The working day that many working days after ``day`` (before it, when negative).

        Zero gives ``day`` itself if worked, else the next one. Raises ``InvalidInput`` for a
        calendar in which nobody ever works.
        """
        if not self.weekdays:
            raise InvalidInput("This calendar has no working weekday.", field="calendar")
        step = ONE_DAY if working_days >= 0 else -ONE_DAY
        while working_days == 0 and not self.works(day):
            day += step
        left = abs(working_days)
        while left:
            day += step
            left -= self.works(day)
        return day
