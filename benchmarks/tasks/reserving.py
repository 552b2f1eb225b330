"""Clients that reserve."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count

from lodestock.inventory import services as inventory
from lodestock.inventory.errors import InsufficientStock

ONE = Decimal(1)


def hot(index: int, *, run: str, variant: int, scope: list[int]) -> Callable[[], int]:
    """One unit of the one article that everybody wants; a refusal counts as nothing reserved."""
    numbers = count()

    def reserve() -> int:
        try:
            result = inventory.reserve_stock(
                reference_type="bench",
                reference_id=f"{run}-{index}-{next(numbers)}",
                line_key="1",
                variant_id=variant,
                quantity=ONE,
                location_ids=scope,
            )
        except InsufficientStock:
            return 0
        return int(result.held)

    return reserve
