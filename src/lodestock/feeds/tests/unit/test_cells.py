from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.feeds.domain.cells import ColumnReader, ColumnReviver, State
from lodestock.feeds.domain.cells.dates import DatePattern, guessable_patterns
from lodestock.feeds.domain.contract.model import Column, Pointer, Repair


def reader(kind: str, **more: object) -> ColumnReader:
    return ColumnReader(Column("field", "Field", kind, **more))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("m/d/yy H:MM", "12/1/10 8:26", datetime(2010, 12, 1, 8, 26)),
        ("d/m/yyyy H:MM", "1/12/2010 8:26", datetime(2010, 12, 1, 8, 26)),
        ("d-Mon-yy", "2-Jun-06", datetime(2006, 6, 2)),
        ("d-Mon-yy", "02-JUN-06", datetime(2006, 6, 2)),
        ("yyyy-mm-dd HH:MM:SS", "2009-12-01 07:45:00", datetime(2009, 12, 1, 7, 45)),
        ("d Month yyyy", "3 August 2020", datetime(2020, 8, 3)),
        ("m/d/yy", "1/1/70", datetime(1970, 1, 1)),
    ],
)
def test_dates_are_read_by_their_pattern(pattern, text, expected) -> None:
    assert DatePattern.compile(pattern).parse(text) == expected


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("m/d/yy", "13/1/10"),
        ("m/d/yy", "2/30/10"),
        ("m/d/yy", "1/2/2010"),
        ("m/d/yy", "1/2/10 8:00"),
        ("yyyy-mm-dd", "2010-1-2"),
        ("d-Mon-yy", "2-Foo-06"),
        ("d-Mon-yy", "2-Jux-06"),
    ],
)
def test_what_does_not_fit_the_pattern_is_no_date(pattern, text) -> None:
    assert DatePattern.compile(pattern).parse(text) is None


@given(
    st.sampled_from(guessable_patterns()),
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2068, 12, 31)),
)
def test_a_spelled_date_reads_back_as_itself(pattern, moment) -> None:
    kept = moment.replace(microsecond=0)
    if "SS" not in pattern.text:
        kept = kept.replace(second=0)
    if not pattern.has_time:
        kept = kept.replace(hour=0, minute=0)
    assert pattern.parse(pattern.format(kept)) == kept


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2031, 12, 31)))
def test_the_repair_undoes_exactly_the_misreading(day) -> None:
    repair = Repair("misread", "yyyy-mm-dd", "m/d/yy", "y/m/d")
    column = reader("date", patterns=("m/d/yy",), repairs=(repair,))
    written = f"{day.month}/{day.day}/{day:%y}"
    misread = DatePattern.compile("y/m/d").parse(written)
    # The tool changed only what it could read; the rest stayed as it was written.
    in_file = written if misread is None else f"{misread:%Y-%m-%d}"
    cell = column[in_file]
    assert cell.value == day
    assert bool(cell.repaired) == (misread is not None)


def test_a_repair_refuses_what_the_misreading_could_not_have_made() -> None:
    repair = Repair("misread", "yyyy-mm-dd", "m/d/yy", "y/m/d")
    cell = reader("date", patterns=("m/d/yy",), repairs=(repair,))["2014-05-20"]
    assert cell.state is State.INVALID


@pytest.mark.parametrize(
    "text",
    ["NaN", "inf", "-Infinity", "1e30", "10^30", "0x10", "1,5", "1.234.5", "١٢", "1_000", "--1"],
)
def test_what_is_no_plain_number_is_refused(text) -> None:
    cell = reader("decimal")[text]
    assert cell.state is State.INVALID
    assert text in cell.problem


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1" + "0" * 30, "more than 14 digits"),
        ("1.1234567", "more than 6 decimal places"),
        ("1E+05", "scientific"),
        ("2,55", "decimal comma"),
    ],
)
def test_a_refused_number_says_why(text, why) -> None:
    assert why in reader("quantity")[text].problem


def test_limits_of_a_column_are_kept() -> None:
    column = reader("quantity", minimum=Decimal("0.000001"))
    assert column["0"].state is State.INVALID
    assert column["-3"].state is State.INVALID
    assert column["3"].value == Decimal(3)


@pytest.mark.parametrize("text", ["6", "6.0", "6.00", "+6", "06"])
def test_equal_numbers_have_one_canonical_spelling(text) -> None:
    assert reader("quantity")[text].canonical == "6"


def test_a_sentinel_is_a_meaning_and_never_zero() -> None:
    column = reader("money", sentinels={"Freight Included in Commodity Cost": "included_in_price"})
    cell = column["Freight Included in Commodity Cost"]
    assert cell.state is State.SENTINEL
    assert cell.value == "included_in_price"
    assert cell.canonical not in {"", "0"}


def test_a_pointer_names_the_row_and_what_it_claims_about_it() -> None:
    pointer = Pointer("See {shipment} (ID#:{line})", "line")
    cell = reader("decimal", pointer=pointer)["See ASN-93 (ID#:1281)"]
    assert (cell.state, cell.value) == (State.POINTER, "1281")
    assert "shipment=ASN-93" in cell.canonical


def test_control_characters_do_not_reach_the_database() -> None:
    cell = reader("text")["a\x00b"]
    assert cell.state is State.INVALID
    assert "\x00" not in cell.canonical


def test_text_is_trimmed_and_composed() -> None:
    assert reader("text")["  Co\u0302te "].canonical == "C\u00f4te"


def test_a_number_in_another_unit_is_scaled_when_the_contract_says_so() -> None:
    assert reader("decimal", scale=Decimal("0.001"))["2500"].canonical == "2.5"


@given(
    st.one_of(
        st.tuples(st.just("decimal"), st.decimals(-(10**9), 10**9, places=4).map(str)),
        st.tuples(st.just("integer"), st.integers(-(10**9), 10**9).map(str)),
        st.tuples(st.just("date"), st.dates().map(lambda day: f"{day:%Y-%m-%d}".zfill(10))),
        st.tuples(st.just("text"), st.text(max_size=20)),
        st.tuples(st.just("bool"), st.sampled_from(["yes", "no"])),
    )
)
def test_the_canonical_spelling_revives_to_the_same_cell(pair) -> None:
    kind, text = pair
    column = Column("field", "Field", kind, patterns=("yyyy-mm-dd",), sentinels={"n/a": "none"})
    read = ColumnReader(column)[text]
    revived = ColumnReviver(column)[read.canonical]
    assert (revived.state, revived.value) == (read.state, read.value)
    assert revived.canonical == read.canonical


def test_a_column_of_unique_texts_does_not_fill_the_memory() -> None:
    column = reader("code")
    for number in range(50_000):
        column[f"X{number}"]
    assert len(column) <= 2_000
