"""Names and values of attributes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lodestock.catalog.domain.attributes import clean_attributes
from lodestock.kernel.errors import InvalidInput


def test_names_are_sorted_and_none_removes():
    cleaned = clean_attributes({"voltage": 230, "colour": "red", "gone": None})
    assert list(cleaned.items()) == [("colour", "red"), ("voltage", 230)]


def test_exact_values_of_every_sort_are_kept():
    kept = {"a": "x", "b": 1, "c": Decimal("0.10"), "d": True, "e": ["x", 2]}
    assert clean_attributes(kept) == kept


@pytest.mark.parametrize("name", ["", "1st", "a b", "a__b", "a-b", "ä", "x" * 64])
def test_a_bad_name_is_refused(name):
    with pytest.raises(InvalidInput, match="no attribute name"):
        clean_attributes({name: 1})


@pytest.mark.parametrize(
    "value", [0.1, Decimal("NaN"), Decimal("1e99"), {"a": 1}, [[1]], "x" * 1001, "a\x00b"]
)
def test_a_value_that_is_not_exact_or_plain_is_refused(value):
    with pytest.raises(InvalidInput):
        clean_attributes({"a": value})


def test_more_than_two_hundred_are_refused():
    with pytest.raises(InvalidInput, match="201 given"):
        clean_attributes({f"a{n}": n for n in range(201)})
