from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.numbers import parse_decimal, parse_price, parse_quantity


@pytest.mark.parametrize("text", ["12", "12.5", "0.000001", "99999999999999.999999", " 7 "])
def test_a_plain_decimal_is_read_exactly(text: str) -> None:
    assert parse_quantity(text) == Decimal(text.strip())


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("0", "greater than zero"),
        ("-1", "greater than zero"),
        ("NaN", "finite"),
        ("Infinity", "finite"),
        ("1e30", "digits before the point"),
        (10**30, "digits before the point"),
        ("0.0000001", "decimal places"),
        ("twelve", "not a number"),
        ("1_000", "not a number"),
        ("", "not a number"),
        (1.5, "text"),
        (True, "text"),
        (None, "text"),
        ([1], "text"),
    ],
)
def test_a_bad_quantity_is_refused_and_the_message_says_why(value: object, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem) as caught:
        parse_quantity(value, field="quantity")
    assert caught.value.field == "quantity"


def test_trailing_zeros_are_not_too_many_places() -> None:
    assert parse_quantity("1.50000000000") == Decimal("1.5")


def test_a_price_may_be_zero_but_not_negative() -> None:
    assert parse_price("0") == 0
    with pytest.raises(InvalidInput, match="negative"):
        parse_price("-0.01")


@given(st.decimals(min_value="-99999999999999", max_value="99999999999999", places=6))
def test_whatever_fits_the_column_survives_unchanged(number: Decimal) -> None:
    assert parse_decimal(str(number), field="x", places=6) == number
