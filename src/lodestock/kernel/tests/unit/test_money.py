from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.money import Money, apportion, round_amount


def test_ten_thousand_tenths_are_exactly_a_thousand() -> None:
    total = sum((Money(Decimal("0.1"), "EUR") for _ in range(9_999)), Money(Decimal("0.1"), "EUR"))
    assert total == Money(Decimal("1000"), "EUR")


def test_two_currencies_never_mix() -> None:
    with pytest.raises(InvalidInput, match="EUR with USD"):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")


@pytest.mark.parametrize(
    ("amount", "minor_unit", "rounded"),
    [("0.005", 2, "0.01"), ("-0.005", 2, "-0.01"), ("2.5", 0, "3"), ("1.0005", 3, "1.001")],
)
def test_amounts_round_half_up_to_the_minor_unit(
    amount: str, minor_unit: int, rounded: str
) -> None:
    assert round_amount(Decimal(amount), minor_unit) == Decimal(rounded)


@given(
    total=st.decimals(min_value="-1000000", max_value="1000000", places=2),
    weights=st.lists(
        st.decimals(min_value="0", max_value="1000", places=3), min_size=1, max_size=9
    ),
)
def test_the_parts_of_a_split_add_up_to_the_whole(total: Decimal, weights: list[Decimal]) -> None:
    if sum(weights) <= 0:
        with pytest.raises(InvalidInput):
            apportion(total, weights)
        return
    parts = apportion(total, weights)
    assert sum(parts) == total
    exact = [total * weight / sum(weights) for weight in weights]
    assert all(
        abs(part - share) < Decimal("0.01") for part, share in zip(parts, exact, strict=True)
    )
