"""Drift between columns: products that no longer multiply, prices that left their items."""

from __future__ import annotations

from collections.abc import Iterator

from lodestock.feeds.domain.drift.context import Comparison
from lodestock.feeds.domain.drift.finding import Finding, breaking
from lodestock.feeds.domain.profile.relations import price_columns
from lodestock.feeds.domain.profile.tally import log_chance

ITEMS_MIN = 5
PRICE_SHIFT_MIN = 0.5
"""Decades: discounts and dearer channels stay within a factor of three."""


def product_broken(comparison: Comparison) -> Iterator[Finding]:
    """Left times right is not the product any more, by the same factor in most rows."""
    if comparison.pooled is None:
        return
    rules = {rule.name: rule for rule in comparison.contract.arithmetic}
    for name, ratios in comparison.new.relations.ratios.items():
        past = comparison.pooled.relations.ratios.get(name)
        total = sum(ratios.values())
        if past is None or total < 5 or sum(past.values()) < 30:
            continue
        off = total - ratios["0.0"]
        usual = (sum(past.values()) - past["0.0"] + 1) / (sum(past.values()) + 2)
        if off >= total * 0.2 and log_chance(off, total, usual) < -6.0:
            factor = max((ratio for ratio in ratios if ratio != "0.0"), key=lambda r: ratios[r])
            rule = rules[name]
            yield breaking(
                rule.product,
                "product_broken",
                f"{rule.left} times {rule.right}",
                f"10^{factor} times that",
                off,
                f"{off:,} of {total:,} rows; before {usual:.1%}",
            )


def prices_moved(comparison: Comparison) -> Iterator[Finding]:
    """Items known before now cost several times more or less, nearly all of them."""
    if comparison.pooled is None:
        return
    columns = price_columns(comparison.contract)
    past = comparison.pooled.relations.prices
    shifts = sorted(
        logs / rows - past[item][1] / past[item][0]
        for item, (rows, logs) in comparison.new.relations.prices.items()
        if item in past
    )
    if columns is None or len(shifts) < ITEMS_MIN:
        return
    middle = shifts[len(shifts) // 2]
    same_way = sum((shift > 0.3) if middle > 0 else (shift < -0.3) for shift in shifts)
    if abs(middle) >= PRICE_SHIFT_MIN and same_way >= len(shifts) * 0.8:
        yield breaking(
            columns[1],
            "prices_moved",
            "prices as known per item",
            f"about {10**middle:.3g} times that",
            comparison.new.rows,
            f"{same_way} of {len(shifts)} known items moved the same way",
        )
