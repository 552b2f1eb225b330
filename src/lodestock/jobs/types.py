"""What crosses the border of the jobs room: entries of the timetable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Every:
    """Run again after so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Daily:
    """Run once a day, in UTC."""

    hour: int
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """A named timetable entry. ``kind`` empty: ``task`` is run as it is."""

    name: str
    when: Every | Daily
    kind: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    task: str = "lodestock.jobs.enqueue"
