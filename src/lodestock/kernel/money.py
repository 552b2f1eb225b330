"""Money: exact amounts, rounded once per document line, half up to the minor unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from .errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217 code). Amounts of two currencies never mix."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise InvalidInput(f"amount: {self.amount!r} must be a Decimal.", field="amount")

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def rounded(self, minor_unit: int = 2) -> Money:
        """Half up to ``minor_unit`` decimals; call once, per document line."""
        return Money(round_amount(self.amount, minor_unit), self.currency)

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise InvalidInput(
                f"Cannot combine {self.currency} with {other.currency}: convert one of them first.",
                field="currency",
            )


def round_amount(amount: Decimal, minor_unit: int = 2) -> Decimal:
    """Half up to the currency's minor unit (2 for EUR, 0 for JPY)."""
    return amount.quantize(Decimal(1).scaleb(-minor_unit), rounding=ROUND_HALF_UP)


def line_amount(
    quantity: Decimal, unit_price: Decimal, *, minor_unit: int, stated: Decimal | None = None
) -> Decimal:
    """The value of a document line: what its source states, else quantity times price.

    Quantity and price are in the line's own unit. Rounded once; a stated figure stands as it is.
    """
    return round_amount(quantity * unit_price, minor_unit) if stated is None else stated


def apportion(total: Decimal, weights: Sequence[Decimal], minor_unit: int = 2) -> list[Decimal]:
    """Split ``total`` by ``weights`` so that the parts add up to it exactly.

    Each part is cut to the minor unit and the remainder goes, one unit each, to the largest
    fractions (Hamilton's method). Raises :class:`InvalidInput` when the weights are all zero
    or one is negative.
    """
    weight_sum = sum(weights, Decimal(0))
    if weight_sum <= 0 or any(weight < 0 for weight in weights):
        raise InvalidInput("weights: at least one must be positive, and none negative.")
    unit = Decimal(1).scaleb(-minor_unit)
    exact = [total * weight / weight_sum for weight in weights]
    parts = [share.quantize(unit, rounding=ROUND_DOWN) for share in exact]
    missing = int((total - sum(parts)) / unit)
    by_fraction = sorted(range(len(parts)), key=lambda i: abs(exact[i] - parts[i]), reverse=True)
    for index in by_fraction[: abs(missing)]:
        parts[index] += unit if missing > 0 else -unit
    return parts
