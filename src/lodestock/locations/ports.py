"""What this room needs to know from rooms above it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class StockQuestion(Protocol):
    """Implemented by the room that keeps the balances; ``config`` introduces the two."""

    def __call__(self, location_ids: Collection[int]) -> Collection[int]:
        """Those of ``location_ids`` that hold stock, reserved or not, zero balances aside."""


def _nowhere(location_ids: Collection[int]) -> Collection[int]:
    return ()


_question: StockQuestion = _nowhere


def use_stock_question(question: StockQuestion) -> None:
    """Called once at start; before it, no location holds stock."""
    global _question  # noqa: PLW0603 - the one place where the room above is introduced
    _question = question


def holding_stock(location_ids: Collection[int]) -> Collection[int]:
    """Which of these hold stock now?"""
    return _question(location_ids)
