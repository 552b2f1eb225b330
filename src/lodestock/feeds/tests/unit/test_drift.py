from __future__ import annotations

import random

import pytest

from lodestock.feeds.testing.mutations import Table, mutations
from lodestock.feeds.testing.sample_feed import SampleFeed, sample_contract
from lodestock.feeds.testing.simulation import Outcome, SimulatedFeed


def learned(weeks: int = 4, seed: int = 1) -> tuple[SimulatedFeed, SampleFeed]:
    """A feed with some clean weeks of history, and where its next weeks come from."""
    feed, source = SimulatedFeed(sample_contract()), SampleFeed(seed)
    for week in range(weeks):
        assert not feed.offer_bytes(source.week(week).write()).stopped
    return feed, source


def codes(outcome: Outcome) -> dict[str, str]:
    return {finding.field: finding.code for finding in outcome.findings}


def column(table: Table, name: str, change) -> Table:
    place = table.header.index(name)
    rows = [[*row[:place], change(row[place]), *row[place + 1 :]] for row in table.rows]
    return Table(table.header, rows)


def swap(text: str) -> str:
    month, day, year = text.split("/")
    return f"{day}/{month}/{year}"


def test_recall_of_breaking_mutations_and_no_alarm_for_harmless_ones() -> None:
    missed, alarmed, breaking = [], [], 0
    for seed in (1, 2):
        feed, source = learned(seed=seed)
        for mutation in mutations(sample_contract(), source.week(4), random.Random(seed)):
            stopped = feed.offer_bytes(mutation.data, learn=False).stopped
            breaking += mutation.breaking
            if mutation.breaking and not stopped:
                missed.append(mutation.name)
            if stopped and not mutation.breaking:
                alarmed.append(mutation.name)
    assert breaking >= 140
    assert len(missed) <= breaking * 0.01, missed
    assert not alarmed


def test_clean_weeks_raise_no_alarm_in_any_order_and_part() -> None:
    alarms, files = [], 0
    for seed in range(6):
        feed, source = learned(seed=seed + 10)
        rng = random.Random(seed)
        for week in range(4, 12):
            table = source.week(week)
            shapes = {
                "whole": table.rows,
                "shuffled": rng.sample(table.rows, len(table.rows)),
                "first tenth": table.rows[: max(3, len(table.rows) // 10)],
                "sample": rng.sample(table.rows, len(table.rows) // 3),
            }
            name = rng.choice(sorted(shapes))
            outcome = feed.offer_bytes(Table(table.header, shapes[name]).write())
            files += 1
            if outcome.stopped:
                alarms.append((name, codes(outcome)))
    assert files == 48
    assert not alarms


def test_a_date_dialect_that_parses_in_both_readings_is_found_by_known_orders() -> None:
    feed, source = learned(weeks=0)
    week = source.week(0)
    feed.offer_bytes(week.write())
    outcome = feed.offer_bytes(column(week, "Ordered", swap).write())
    finding = next(one for one in outcome.findings if one.field == "ordered_at")
    assert outcome.stopped
    assert finding.fix == {
        "action": "read_dates_as",
        "column": "ordered_at",
        "pattern": "d/m/yy",
        "instead_of": "m/d/yy",
    }
    assert finding.rows == outcome.rows


def test_a_date_dialect_is_found_by_time_order_when_no_order_is_known() -> None:
    feed, source = SimulatedFeed(sample_contract()), SampleFeed()
    feed.offer_bytes(source.week(8).write())
    days = {row[6] for row in source.week(9).rows}
    assert all(int(day.split("/")[1]) <= 12 for day in days)
    outcome = feed.offer_bytes(column(source.week(9), "Ordered", swap).write())
    assert outcome.stopped
    assert codes(outcome)["ordered_at"] in {"day_and_month", "dates_out_of_order"}


def test_delivery_before_the_order_stops_the_file() -> None:
    feed, source = learned()
    late = column(source.week(4), "Due", lambda text: "1/1/22")
    outcome = feed.offer_bytes(late.write())
    assert "dates_out_of_order" in codes(outcome).values()


def test_the_finding_names_old_and_new_pattern_and_the_rows() -> None:
    feed, source = learned()
    table = column(source.week(4), "Ordered", lambda text: text.replace("/23", "/2023"))
    outcome = feed.offer_bytes(table.write())
    finding = next(one for one in outcome.findings if one.field == "ordered_at")
    assert finding.old == "m/d/yy"
    assert finding.new.startswith("m/d/yyyy")
    assert finding.rows == len(table.rows)
    assert finding.fix["pattern"] == "m/d/yyyy"


def test_a_unit_a_thousand_times_smaller_is_found_and_the_factor_proposed() -> None:
    feed, source = learned()
    outcome = feed.offer_bytes(column(source.week(4), "Quantity", lambda t: f"{t}000").write())
    finding = next(one for one in outcome.findings if one.field == "quantity")
    assert finding.fix == {"action": "scale", "column": "quantity", "factor": "0.001"}


def test_a_renamed_column_is_told_from_a_dropped_one() -> None:
    feed, source = learned()
    table = source.week(4)
    renamed = Table([*table.header[:4], "UnitPrice", *table.header[5:]], table.rows)
    outcome = feed.offer_bytes(renamed.write())
    assert codes(outcome)["price"] == "column_renamed"
    assert outcome.findings[0].fix["header"] == "UnitPrice"
    kept = [place for place in range(len(table.header)) if place != 9]
    dropped = Table([table.header[i] for i in kept], [[row[i] for i in kept] for row in table.rows])
    assert codes(feed.offer_bytes(dropped.write()))["country"] == "column_dropped"


def test_a_new_optional_column_is_additive_and_proposes_the_next_version() -> None:
    feed, source = learned()
    table = source.week(4)
    wider = Table([*table.header, "Ship To"], [[*row, "dock 3"] for row in table.rows])
    outcome = feed.offer_bytes(wider.write())
    assert not outcome.stopped
    finding = outcome.findings[0]
    assert (finding.code, finding.severity) == ("column_added", "additive")
    assert finding.fix == {"action": "add_column", "column": "ship_to", "header": "Ship To"}


def test_one_bad_row_is_quarantined_and_does_not_stop_the_file() -> None:
    feed, source = learned()
    table = source.week(4)
    table.rows[3][3] = "twelve"
    outcome = feed.offer_bytes(table.write())
    assert not outcome.stopped
    assert outcome.quarantined == 1


def test_one_value_outside_a_closed_list_stops_the_file() -> None:
    feed, source = learned()
    table = source.week(4)
    table.rows[3][10] = "fax"
    outcome = feed.offer_bytes(table.write())
    assert outcome.stopped
    assert codes(outcome) == {"channel": "new_value"}


def test_values_that_come_back_under_other_names_stop_the_file() -> None:
    feed, source = learned()
    recoded = column(source.week(4), "Country", lambda text: "FR" if text == "France" else text)
    assert codes(feed.offer_bytes(recoded.write()))["country"] == "value_replaced"
    cased = column(source.week(5), "Country", str.upper)
    assert feed.offer_bytes(cased.write()).stopped


def test_accents_encoded_twice_stop_the_file() -> None:
    feed, source = learned(weeks=6)
    broken = source.week(6).write().decode("cp1252").encode("utf-8")
    assert "country" in codes(feed.offer_bytes(broken))


@pytest.mark.parametrize("first", ["scattered", "single day"])
def test_a_feeds_first_file_needs_no_history(first) -> None:
    feed, source = SimulatedFeed(sample_contract()), SampleFeed()
    table = source.week(0)
    rows = table.rows if first == "scattered" else table.rows[:5]
    assert not feed.offer_bytes(Table(table.header, rows).write()).findings


def test_the_same_file_again_is_no_drift() -> None:
    feed, source = learned()
    data = source.week(4).write()
    assert not feed.offer_bytes(data).findings
    assert not feed.offer_bytes(data).findings
