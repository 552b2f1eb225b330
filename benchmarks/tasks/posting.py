"""Clients that post."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from itertools import count

from benchmarks.control.posting import post_naively
from lodestock.inventory import services as inventory
from lodestock.inventory.types import MovementLine, Place

ONE = Decimal(1)


def transfer(index: int, *, run: str, variants: list[int], bins: list[int]) -> Callable[[], int]:
    """One line from one bin to another, of any variant: two balances change."""
    rng = random.Random(index)
    numbers = count()

    def post() -> int:
        source, destination = rng.sample(bins, 2)
        line = MovementLine(
            variant_id=rng.choice(variants),
            quantity=ONE,
            source=Place(source),
            destination=Place(destination),
        )
        inventory.post_movements(
            kind="transfer",
            reference_type="bench",
            reference_id=f"{run}-{index}-{next(numbers)}",
            lines=[line],
        )
        return 1

    return post


def naive(index: int, *, run: str, variants: list[int], bins: list[int]) -> Callable[[], int]:
    """The same transfer through the control implementation."""
    rng = random.Random(index)
    numbers = count()

    def post() -> int:
        source, destination = rng.sample(bins, 2)
        post_naively(
            variant_id=rng.choice(variants),
            source_id=source,
            destination_id=destination,
            quantity=ONE,
            reference=f"{run}-{index}-{next(numbers)}",
        )
        return 1

    return post


def batch(
    index: int, *, run: str, variants: list[int], bins: list[int], size: int
) -> Callable[[], int]:
    """One posting of `size` lines, each from one bin to another; counts lines."""
    rng = random.Random(index)
    numbers = count()

    def post() -> int:
        lines = []
        for variant in rng.choices(variants, k=size):
            source, destination = rng.sample(bins, 2)
            lines.append(MovementLine(variant, ONE, Place(source), Place(destination)))
        inventory.post_movements(
            kind="transfer",
            reference_type="bench",
            reference_id=f"{run}-{index}-{next(numbers)}",
            lines=lines,
        )
        return size

    return post
