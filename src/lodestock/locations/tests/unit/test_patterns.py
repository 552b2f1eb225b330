"""Many codes from one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.kernel.errors import InvalidInput
from lodestock.locations.domain.patterns import MAX_LOCATIONS, expand


def test_ranges_count_with_leading_zeros_and_through_letters():
    assert expand("A{01..03}/R{9..11}/{A..C}x") == [
        ["A01", "A02", "A03"],
        ["R9", "R10", "R11"],
        ["Ax", "Bx", "Cx"],
    ]
    assert expand("Z1") == [["Z1"]]
    assert expand("{1..2}-{A..B}") == [["1-A", "1-B", "2-A", "2-B"]]


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "A//B",
        "{3..1}",
        "{C..A}",
        "{1..A}",
        "{1..",
        "x{}",
        "{a..c}",
        "{000000..999999}",
        "{1..300}/{1..300}",
        "{1..999}{1..999}",
        "{1..9999999999}",
    ],
)
def test_a_pattern_that_makes_no_sense_or_too_much_is_refused(pattern):
    with pytest.raises(InvalidInput, match="pattern"):
        expand(pattern)


@given(first=st.integers(0, 200), count=st.integers(1, 200), width=st.integers(1, 6))
def test_a_range_has_every_number_once_in_order(first, count, width):
    start, end = str(first).zfill(width), str(first + count - 1)
    ((*codes,),) = expand(f"B{{{start}..{end}}}")
    assert [int(code[1:]) for code in codes] == list(range(first, first + count))
    assert len(codes) <= MAX_LOCATIONS
