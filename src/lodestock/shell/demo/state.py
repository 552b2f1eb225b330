"""What the simulated company knows while the year is played."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from .catalogue import DemoVariant, variants
from .company import MAIN, SITES, SOUTH
from .plan import PlannedLine, PlannedSale, Week

WEEKS = 52
ORDERS_PER_WEEK = {MAIN: 18, SOUTH: 6}
LINES_PER_ORDER = 3.4
SHARE = {site.code: site.share for site in SITES}


@dataclass
class Backorder:
    """A line that waits for goods."""

    sale: PlannedSale
    line: PlannedLine
    quantity: int


@dataclass
class State:
    """Stock that can be sold, by site and SKU; what is ordered; what is owed."""

    seed: int
    scale: float
    start: date
    rng: random.Random = field(init=False)
    weeks: list[Week] = field(init=False)
    stock: dict[str, dict[str, int]] = field(default_factory=dict)
    on_order: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    in_transit: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    backorders: list[Backorder] = field(default_factory=list)
    variants: tuple[DemoVariant, ...] = field(default_factory=variants)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)  # noqa: S311 - a story, not a secret
        # A few weeks more than are lived, for what is still on its way at the end.
        self.weeks = [Week(self.start + timedelta(weeks=n)) for n in range(WEEKS + 20)]
        self.stock = {site.code: defaultdict(int) for site in SITES}
        self._counters = {
            kind: count(1) for kind in ("PO", "DEL", "SO", "SHP", "RET", "TRF", "LOT")
        }

    def key(self, kind: str) -> str:
        """The next key of a kind of document."""
        return f"Q{kind}-{next(self._counters[kind]):05d}"

    def week_of(self, day: date) -> int:
        """The week whose Monday is on or after ``day``."""
        return max(0, -((self.start - day).days // 7))

    def mean(self, variant: DemoVariant, site: str, day: date) -> float:
        """Expected demand of one week around ``day``."""
        return variant.product.weekly * SHARE[site] * season(day) * self.scale


def season(day: date) -> float:
    """Cyclists ride in June: demand runs from 0.6 in December to 1.4 in midsummer."""
    return 1 + 0.4 * math.cos(2 * math.pi * (day.timetuple().tm_yday - 172) / 365)
