"""Arithmetic of one purchase line. All quantities in the variant's base unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

ZERO = Decimal(0)
_STEP = Decimal("0.000001")


class LineStatus(StrEnum):
    """Derived, never stored."""

    OPEN = "open"
    PARTIALLY_RECEIVED = "partially_received"
    RECEIVED = "received"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class LineState:
    """What a line stands at. ``tolerance`` is a fraction of the ordered quantity (0.05 = 5 %)."""

    ordered: Decimal
    received: Decimal = ZERO
    cancelled: Decimal = ZERO
    tolerance: Decimal = ZERO

    @property
    def open(self) -> Decimal:
        """Still to come; 0 when more has come than was ordered."""
        return max(self.ordered - self.cancelled - self.received, ZERO)

    @property
    def receivable(self) -> Decimal:
        """The most that may still arrive: open plus tolerance, none once it is cancelled."""
        if self.cancelled > 0:
            return self.open
        return max(limit(self.ordered, self.tolerance) - self.received, ZERO)

    @property
    def status(self) -> LineStatus:
        if self.open > 0:
            return LineStatus.PARTIALLY_RECEIVED if self.received > 0 else LineStatus.OPEN
        return LineStatus.RECEIVED if self.received > 0 else LineStatus.CANCELLED


def limit(ordered: Decimal, tolerance: Decimal) -> Decimal:
    """The most a line may receive in all, cut (never rounded up) to six decimals."""
    return (ordered * (1 + tolerance)).quantize(_STEP, rounding=ROUND_DOWN)
