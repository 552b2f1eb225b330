"""The demo company's year, as a plan: no database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import chain

import pytest

from lodestock.shell.demo.catalogue import KITS, products, variants
from lodestock.shell.demo.plan import Week, Year
from lodestock.shell.demo.year import play

TODAY = date(2026, 6, 17)


@pytest.fixture(scope="module")
def year() -> Year:
    return play(seed=7, today=TODAY)


def test_the_same_seed_and_day_give_the_same_year(year: Year) -> None:
    assert play(seed=7, today=TODAY) == year
    assert play(seed=8, today=TODAY) != year


def test_everything_happened_before_the_demo_opens(year: Year) -> None:
    days = [d.day for w in year.weeks for s in w.sales for d in s.despatches]
    days += [d.day for w in year.weeks for d in w.deliveries]
    days += [r.day for w in year.weeks for r in w.returns]
    assert max(days) < TODAY
    assert (TODAY - min(days)).days > 360


def test_nothing_is_sent_twice_or_beyond_what_was_ordered(year: Year) -> None:
    sent: Counter[tuple[str, str]] = Counter()
    ordered: dict[tuple[str, str], int] = {}
    for sale in (sale for week in year.weeks for sale in week.sales):
        ordered |= {(sale.key, line.key): line.quantity for line in sale.lines}
        for despatch in sale.despatches:
            sent.update({(sale.key, key): quantity for key, quantity in despatch.lines})
    assert all(quantity <= ordered[line] for line, quantity in sent.items())


Change = tuple[str, str, int]


def goods_in(week: Week) -> Iterator[Change]:
    for transfer in week.arrivals:
        yield from ((transfer.destination, sku, quantity) for sku, quantity in transfer.lines)
    for delivery in week.deliveries:
        yield from ((delivery.site, x.sku, x.quantity) for x in delivery.lines if not x.damaged)


def made(week: Week) -> Iterator[Change]:
    for kitting in week.kittings:
        yield kitting.site, kitting.sku, kitting.quantity
        for sku, each in KITS[kitting.sku]:
            yield kitting.site, sku, -each * kitting.quantity


def sold(week: Week) -> Iterator[Change]:
    for sale in week.sales:
        skus = {line.key: line.sku for line in sale.lines}
        for despatch in sale.despatches:
            yield from ((sale.site, skus[key], -quantity) for key, quantity in despatch.lines)


def end_of_week(week: Week) -> Iterator[Change]:
    yield from ((count.site, count.sku, count.delta) for count in week.counts)
    yield from ((back.site, back.sku, back.quantity) for back in week.returns if back.good)
    for transfer in week.departures:
        yield from ((transfer.origin, sku, -quantity) for sku, quantity in transfer.lines)


def test_no_shelf_of_the_plan_ever_goes_below_nothing(year: Year) -> None:
    stocked = {variant.sku for variant in variants() if variant.stocked}
    shelf: dict[tuple[str, str], int] = defaultdict(int)
    for week in year.weeks:
        for site, sku, change in chain(goods_in(week), made(week), sold(week), end_of_week(week)):
            if sku in stocked:
                shelf[site, sku] += change
                assert shelf[site, sku] >= 0, f"{sku} at {site} in the week of {week.monday}"


def test_the_story_has_every_kind_of_trouble(year: Year) -> None:
    ordered = {
        (purchase.key, line.key): line.quantity
        for purchase in [*year.opening, *(p for w in year.weeks for p in w.purchases)]
        for line in purchase.lines
    }
    counted: Counter[tuple[str, str]] = Counter()
    for delivery in (delivery for week in year.weeks for delivery in week.deliveries):
        for line in delivery.lines:
            counted[delivery.order_key, line.line_key] += line.quantity
    lines = [line for w in year.weeks for d in w.deliveries for line in d.lines]
    sales = Counter(sale.key for week in year.weeks for sale in week.sales)
    assert any(counted[line] > quantity for line, quantity in ordered.items())
    assert any(0 < counted[line] < quantity for line, quantity in ordered.items())
    assert any(line.damaged for line in lines)
    assert any(line.lot_no and line.expires_on for line in lines)
    assert any(line.serials for line in lines)
    assert max(sales.values()) > 1
    assert any(not r.good for w in year.weeks for r in w.returns)


def test_the_catalogue_is_varied_and_its_numbers_are_unique() -> None:
    assert len(products()) >= 40
    assert len(variants()) >= 150
    assert len({variant.sku for variant in variants()}) == len(variants())
    assert len({variant.gtin for variant in variants()}) == len(variants())
    assert {variant.product.tracking for variant in variants()} == {"none", "lot", "serial"}


def test_over_deliveries_stay_within_the_usual_tolerance(year: Year) -> None:
    ordered = {
        (purchase.key, line.key): line.quantity
        for purchase in [*year.opening, *(p for w in year.weeks for p in w.purchases)]
        for line in purchase.lines
    }
    counted: Counter[tuple[str, str]] = Counter()
    for delivery in (delivery for week in year.weeks for delivery in week.deliveries):
        for line in delivery.lines:
            counted[delivery.order_key, line.line_key] += line.quantity
    assert all(quantity <= ordered[line] * 1.05 for line, quantity in counted.items())
