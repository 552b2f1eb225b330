"""What holds between columns: order of dates, numbers that grow with time, products, prices."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lodestock.feeds.domain.cells import Cell, State
from lodestock.feeds.domain.contract.model import Arithmetic, Contract

DAYS_MAX = 5_000
ITEMS_MAX = 5_000
_NUMBERED = re.compile(r"^(\D*)(\d{2,15})$")


@dataclass(slots=True)
class Relations:
    """``leads`` "a|b" → rows with a before, on, after b.
    ``spans`` prefix → day → smallest and largest document number of that day.
    ``ratios`` rule → log10(product / (left * right)) in tenths → rows.
    ``prices`` item → rows and sum of log10(unit price).
    """

    leads: dict[str, list[int]] = field(default_factory=dict)
    spans: dict[str, dict[int, list[int]]] = field(default_factory=dict)
    ratios: dict[str, Counter[str]] = field(default_factory=dict)
    prices: dict[str, list[float]] = field(default_factory=dict)

    def merge(self, other: Relations) -> None:
        for pair, counts in other.leads.items():
            mine = self.leads.setdefault(pair, [0, 0, 0])
            self.leads[pair] = [a + b for a, b in zip(mine, counts, strict=True)]
        for prefix, days in other.spans.items():
            for day, (low, high) in days.items():
                _widen(self.spans.setdefault(prefix, {}), day, low, high)
        for rule, ratios in other.ratios.items():
            self.ratios.setdefault(rule, Counter()).update(ratios)
        for item, (rows, logs) in other.prices.items():
            if item in self.prices or len(self.prices) < ITEMS_MAX:
                mine_price = self.prices.setdefault(item, [0, 0.0])
                mine_price[0] += rows
                mine_price[1] += logs

    def as_json(self) -> dict[str, Any]:
        return {
            "leads": self.leads,
            "spans": {
                prefix: {str(day): span for day, span in days.items()}
                for prefix, days in self.spans.items()
            },
            "ratios": {rule: dict(ratios) for rule, ratios in self.ratios.items()},
            "prices": {item: [rows, round(logs, 4)] for item, (rows, logs) in self.prices.items()},
        }

    @staticmethod
    def from_json(found: dict[str, Any]) -> Relations:
        return Relations(
            leads=dict(found["leads"]),
            spans={
                prefix: {int(day): list(span) for day, span in days.items()}
                for prefix, days in found["spans"].items()
            },
            ratios={rule: Counter(ratios) for rule, ratios in found["ratios"].items()},
            prices={item: list(pair) for item, pair in found["prices"].items()},
        )


Cells = Mapping[str, Sequence[Cell]]


class RelationCounter:
    """Counts the relations of one contract, batch by batch."""

    def __init__(self, contract: Contract) -> None:
        self._pairs = [(check.earlier, check.later) for check in contract.checks]
        self._sequence = (contract.identity.document, contract.identity.date)
        self._rules = contract.arithmetic
        self._price = price_columns(contract)
        self.found = Relations()

    def add(self, cells: Cells, heads: Sequence[int]) -> None:
        for first, second in self._pairs:
            self._lead(f"{first}|{second}", cells[first], cells[second])
        if all(self._sequence):
            self._span(cells[self._sequence[0]], cells[self._sequence[1]], heads)
        for rule in self._rules:
            self._ratio(rule, cells)
        if self._price:
            self._prices(cells[self._price[0]], cells[self._price[1]])

    def _lead(self, name: str, first: Sequence[Cell], second: Sequence[Cell]) -> None:
        counts = self.found.leads.setdefault(name, [0, 0, 0])
        value = State.VALUE
        for a, b in zip(first, second, strict=True):
            if a.state is value and b.state is value:
                earlier, later = a.canonical[:10], b.canonical[:10]
                counts[(earlier >= later) + (earlier > later)] += 1

    def _span(self, numbers: Sequence[Cell], dates: Sequence[Cell], heads: Sequence[int]) -> None:
        for index in heads:
            day, match = dates[index].value, _NUMBERED.match(numbers[index].canonical)
            if match and isinstance(day, date):
                number = int(match[2])
                _widen(self.found.spans.setdefault(match[1], {}), day.toordinal(), number, number)

    def _ratio(self, rule: Arithmetic, cells: Cells) -> None:
        counts = self.found.ratios.setdefault(rule.name, Counter())
        for left, right, product in zip(
            cells[rule.left], cells[rule.right], cells[rule.product], strict=True
        ):
            factors = (left.value, right.value, product.value)
            if all(cell.state is State.VALUE for cell in (left, right, product)) and all(factors):
                a, b, c = (abs(float(factor)) for factor in factors)  # type: ignore[arg-type]
                counts[f"{math.log10(c / (a * b)):.1f}".replace("-0.0", "0.0")] += 1

    def _prices(self, items: Sequence[Cell], prices: Sequence[Cell]) -> None:
        known = self.found.prices
        for item, price in zip(items, prices, strict=True):
            if price.state is State.VALUE and price.value and price.value > 0:  # type: ignore[operator]
                name = item.canonical
                pair = known.get(name)
                if pair is None:
                    if len(known) >= ITEMS_MAX:
                        continue
                    pair = known[name] = [0, 0.0]
                pair[0] += 1
                pair[1] += math.log10(float(price.value))  # type: ignore[arg-type]


def price_columns(contract: Contract) -> tuple[str, str] | None:
    """The item and unit price fields of the mapping, when both are plain fields."""
    sku = contract.mapping.get("products", {}).get("sku")
    if isinstance(sku, dict):
        made_from = sku.get("code_of", [])
        sku = made_from[0] if len(made_from) == 1 else None
    for document in contract.mapping.get("documents", []):
        price = document.get("line", {}).get("unit_price")
        if isinstance(sku, str) and price:
            return sku, price
    return None


def _widen(days: dict[int, list[int]], day: int, low: int, high: int) -> None:
    span = days.get(day)
    if span is None:
        if len(days) < DAYS_MAX:
            days[day] = [low, high]
        return
    span[0] = min(span[0], low)
    span[1] = max(span[1], high)
