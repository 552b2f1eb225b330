"""Arithmetic of one sales line. All quantities in the variant's base unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class LineStatus(StrEnum):
    """Derived, never stored."""

    OPEN = "open"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class LineState:
    """What a line stands at; I8: ordered ≥ shipped + cancelled ≥ 0, shipped ≥ returned ≥ 0."""

    ordered: Decimal
    shipped: Decimal = ZERO
    cancelled: Decimal = ZERO
    returned: Decimal = ZERO

    @property
    def open(self) -> Decimal:
        """Still owed to the customer; what is not in stock of it is backordered."""
        return self.ordered - self.shipped - self.cancelled

    @property
    def returnable(self) -> Decimal:
        """Shipped and not given back."""
        return self.shipped - self.returned

    @property
    def status(self) -> LineStatus:
        if self.open > 0:
            return LineStatus.PARTIALLY_SHIPPED if self.shipped > 0 else LineStatus.OPEN
        return LineStatus.SHIPPED if self.shipped > 0 else LineStatus.CANCELLED


def verb_of_shipment(lines: Iterable[LineState]) -> str:
    """``fulfil_rest`` when nothing is open any more, else ``fulfil_part``."""
    return "fulfil_part" if any(line.open > 0 for line in lines) else "fulfil_rest"
