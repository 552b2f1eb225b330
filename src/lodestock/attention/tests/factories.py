"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lodestock.attention import services
from lodestock.attention.models import ExceptionCase


def a_case(**changes: Any) -> ExceptionCase:
    """A live case about a drifted feed."""
    given = {
        "rule": "feeds.drift",
        "severity": "high",
        "subject_type": "attention.exceptioncase",
        "subject_id": 7,
        "title": "Date pattern of scms changed",
        "evidence": {"field": "delivered", "old": "%m/%d/%y", "new": "%d/%m/%y", "rows": 149},
        "case_type": "feed",
    }
    return services.open_case(**given | changes)


def make_cases(n: int) -> None:
    """``n`` more live cases, each about something else."""
    first = ExceptionCase.objects.count()
    for number in range(first, first + n):
        a_case(subject_id=f"row:{number}", title=f"Case {number}")


ROWS: dict[str, Callable[[int], None]] = {"exception-cases": make_cases}
