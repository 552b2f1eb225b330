"""Mean and standard deviation of lead times, from sums that add up exactly."""

from __future__ import annotations

from decimal import Decimal

DAYS = Decimal("0.001")


def mean_and_sd(count: int, total: int, total_squared: int) -> tuple[Decimal, Decimal]:
    """Mean and sample standard deviation (n - 1) in days, to a thousandth.

    One observation has a standard deviation of 0. Raises ``ValueError`` when there is none.
    """
    if count < 1:
        raise ValueError("a mean needs at least one observation")
    mean = (Decimal(total) / count).quantize(DAYS)
    if count == 1:
        return mean, Decimal(0).quantize(DAYS)
    # count * sum(x^2) - sum(x)^2 in whole numbers: nothing is lost before the one division.
    spread = Decimal(count * total_squared - total * total)
    variance = spread / (count * (count - 1))
    return mean, variance.sqrt().quantize(DAYS)
