"""What became of each line of a bulk call: the words that appliers and importers share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.db import transaction

from .errors import LodestockError

T = TypeVar("T")
R = TypeVar("R")


class Outcome(StrEnum):
    """``AMENDED``: known before, its changed facts were taken over."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    AMENDED = "amended"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """The answer for one line of a bulk call, in the order of the call.

    ``code`` is the stable code of the error that refused it and ``reason`` its words; ``flag``
    says what an accepted line lacks, e.g. ``no_sale_found`` for a return.
    """

    external_id: str
    external_key: str
    outcome: Outcome
    reason: str = ""
    code: str = ""
    flag: str = ""
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class BulkResult:
    """Outcomes of all lines of a call, and the keys of the documents it named."""

    outcomes: tuple[LineOutcome, ...] = ()
    document_ids: tuple[int, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many lines ended so."""
        return sum(line.outcome is outcome for line in self.outcomes)


def each_apart(
    items: Sequence[T],
    apply: Callable[[Sequence[T]], Sequence[R]],
    refuse: Callable[[T, LodestockError], R],
) -> list[R]:
    """Apply all items at once; if that is refused, in halves, until the refused ones stand alone.

    One answer for each item, in order. What ``apply`` wrote for a refused set is rolled back, its
    neighbours stay: the result is as if every item had been applied by itself, at the price of
    one call when nothing is wrong.
    """
    if not items:
        return []
    try:
        with transaction.atomic():
            return list(apply(items))
    except LodestockError as error:
        if len(items) == 1:
            return [refuse(items[0], error)]
    middle = len(items) // 2
    return [
        *each_apart(items[:middle], apply, refuse),
        *each_apart(items[middle:], apply, refuse),
    ]
