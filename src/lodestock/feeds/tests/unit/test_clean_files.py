"""What looks like drift in a file of few documents, and is none; beside each, what is."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import pytest

from lodestock.feeds.domain.contract import parse_contract
from lodestock.feeds.testing.mutations import Table
from lodestock.feeds.testing.sample_feed import CONTRACT_TEXT, HEADER, SampleFeed, sample_contract
from lodestock.feeds.testing.simulation import SimulatedFeed

ORDER, ARTICLE, NAME, DATE, DUE, CUSTOMER, COUNTRY = (
    HEADER.index(name)
    for name in ("Order", "Article", "Name", "Ordered", "Due", "Customer", "Country")
)
Rows = list[list[str]]


def orders(table: Table) -> list[Rows]:
    return [list(rows) for _, rows in groupby(table.rows, key=lambda row: row[ORDER])]


def file(*documents: Rows) -> bytes:
    return Table(list(HEADER), [row for rows in documents for row in rows]).write()


def put(rows: Rows, place: int, text: str) -> Rows:
    return [[*row[:place], text, *row[place + 1 :]] for row in rows]


def long_order(table: Table, lines: int) -> Rows:
    """One order with so many lines, each of an article of its own."""
    first = table.rows[0]
    lamps = [put([first], ARTICLE, f"A{n:04}") for n in range(lines)]
    return [row for n, lamp in enumerate(lamps) for row in put(lamp, NAME, f"LAMP {n}")]


def found(feed: SimulatedFeed, data: bytes) -> set[tuple[str, str]]:
    findings = feed.offer_bytes(data, learn=False).findings
    return {(one.field, one.code) for one in findings if one.severity == "breaking"}


@pytest.fixture
def few() -> tuple[SimulatedFeed, SampleFeed]:
    """A history of six orders, all of known customers, in a hundred rows."""
    feed, source = SimulatedFeed(sample_contract()), SampleFeed()
    known = [rows for rows in orders(source.week(0)) if rows[0][CUSTOMER]][:5]
    feed.offer_bytes(file(*known, long_order(Table(HEADER, put(known[0], ORDER, "70900")), 80)))
    assert feed.histories[""].rows >= 100
    return feed, source


def test_one_long_order_without_a_customer_is_no_emptied_column(few) -> None:
    feed, source = few
    assert not found(feed, file(put(long_order(source.week(1), 60), CUSTOMER, "")))


def test_a_run_of_orders_without_customers_is_none_when_they_were_seen_before() -> None:
    feed, source = SimulatedFeed(sample_contract()), SampleFeed()
    feed.offer_bytes(source.week(0).write())
    run = [put(rows, CUSTOMER, "") for rows in orders(source.week(1))[:4]]
    assert not found(feed, file(*run))


def test_a_whole_week_without_customers_is_one(few) -> None:
    feed, source = few
    for week in range(1, 4):
        feed.offer_bytes(source.week(week).write())
    silent = file(*(put(rows, CUSTOMER, "") for rows in orders(source.week(4))[:20]))
    assert found(feed, silent) == {("customer", "emptied")}


def test_a_column_that_nobody_said_could_be_empty_is_missed_in_few_orders(few) -> None:
    """The contract foresees orders without a customer, and none without a country."""
    feed, source = few
    some = orders(source.week(1))[:3]
    assert not found(feed, file(*(put(rows, CUSTOMER, "") for rows in some)))
    assert found(feed, file(*(put(rows, COUNTRY, "") for rows in some))) == {("country", "emptied")}
    assert not found(feed, file(put(some[0], COUNTRY, "")))


def test_a_column_that_differs_inside_documents_is_missed_in_one_of_them(few) -> None:
    feed, source = few
    assert ("name", "emptied") in found(feed, file(put(long_order(source.week(1), 60), NAME, "")))


CANCELLING = CONTRACT_TEXT.replace(
    "  - {name: sale}",
    "  - {name: return, when: [{column: order, starts_with: R}]}\n  - {name: sale}",
)


@pytest.mark.parametrize(
    ("text", "prefix", "expected"),
    [
        (CANCELLING, "R", set()),
        (CANCELLING, "R-", {("order", "new_shape")}),
        (CONTRACT_TEXT, "R", {("order", "new_shape")}),
    ],
)
def test_a_prefix_that_the_contract_names_is_no_new_shape(text, prefix, expected) -> None:
    feed, source = SimulatedFeed(parse_contract(text, name="sample.yaml")), SampleFeed()
    feed.offer_bytes(source.week(0).write())
    returns = [put(rows, ORDER, prefix + rows[0][ORDER]) for rows in orders(source.week(1))[:12]]
    assert found(feed, file(*returns)) == expected


def test_some_articles_of_one_order_with_another_shape_are_an_addition(few) -> None:
    feed, source = few
    lines = long_order(source.week(1), 60)
    coloured = [
        [*row[:1], f"{row[1]}{'B' if n % 2 else ''}", *row[2:]] for n, row in enumerate(lines)
    ]
    assert not found(feed, file(coloured))
    turned = [[*row[:1], f"{row[1]}.0", *row[2:]] for row in lines]
    assert ("article", "new_shape") in found(feed, file(turned))


def test_one_order_from_abroad_after_one_from_home_is_no_other_name_for_home() -> None:
    feed, source = SimulatedFeed(sample_contract()), SampleFeed()
    home = long_order(source.week(0), 60)
    rare = [put(home[58:59], COUNTRY, "Spain"), put(home[59:], COUNTRY, "Italy")]
    feed.offer_bytes(file(put(home[:58], COUNTRY, "France"), *rare))
    abroad = put(long_order(source.week(1), 60), COUNTRY, "Norway")
    assert not found(feed, file(abroad))


def on(day: date, *, numbered: bool = True, turned: bool = False) -> bytes:
    """Six orders of one day, due on it; numbers go up one a day, or there are none to go by."""
    pattern = "{0.day}/{0.month}/{0:%y}" if turned else "{0.month}/{0.day}/{0:%y}"
    documents = orders(SampleFeed(day.toordinal()).week(0, orders=6))
    for index, rows in enumerate(documents):
        number = str(day.toordinal() + index) if numbered else "X-" + "ABCDEF"[index]
        dated = put(put(rows, DATE, pattern.format(day)), DUE, pattern.format(day))
        documents[index] = put(dated, ORDER, number + ("" if numbered else f"{day:-%m-%d-}X"))
    return file(*documents)


def leaping(*, numbered: bool) -> SimulatedFeed:
    """A feed that leaves seven weeks out between its files."""
    feed = SimulatedFeed(sample_contract())
    for day in (date(2023, 1, 9), date(2023, 3, 1), date(2023, 4, 20)):
        assert not feed.offer_bytes(on(day, numbered=numbered)).stopped
    return feed


@pytest.mark.parametrize("numbered", [True, False])
def test_a_file_after_a_silence_is_not_misread_in_a_feed_that_leaves_time_out(numbered) -> None:
    assert not found(leaping(numbered=numbered), on(date(2023, 6, 3), numbered=numbered))


def test_numbers_that_went_on_vouch_for_dates_after_a_longer_silence_than_ever() -> None:
    feed = leaping(numbered=True)
    assert ("ordered_at", "day_and_month") not in found(feed, on(date(2023, 7, 3)))


@pytest.mark.parametrize("numbered", [True, False])
def test_such_a_feed_is_still_stopped_when_day_and_month_are_exchanged(numbered) -> None:
    feed = leaping(numbered=numbered)
    drifted = on(date(2023, 4, 9), numbered=numbered, turned=True)
    assert ("ordered_at", "day_and_month") in found(feed, drifted)
