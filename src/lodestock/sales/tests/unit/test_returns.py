"""Which sale a returned article belongs to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lodestock.sales.domain.returns import RETURN, GivenBack, Sold, match_returns

DAY = datetime(2010, 3, 1, 12, tzinfo=UTC)


def sold(line: int, day: int, left: int, price: str = "2.50", customer: int = 1) -> Sold:
    return Sold(line, customer, "85048", Decimal(price), DAY + timedelta(days=day), Decimal(left))


def given_back(quantity: int, day: int = 9, price: str = "2.50", customer: int = 1) -> GivenBack:
    return GivenBack(
        customer, "85048", Decimal(quantity), Decimal(price), DAY + timedelta(days=day)
    )


def test_the_latest_earlier_sale_takes_the_return() -> None:
    assert match_returns([given_back(1)], [sold(1, 0, 5), sold(2, 3, 5), sold(3, 10, 5)]) == [2]


def test_a_sale_at_the_same_price_comes_before_a_later_one() -> None:
    assert match_returns([given_back(1)], [sold(1, 0, 5), sold(2, 3, 5, price="1.00")]) == [1]


def test_another_customers_sale_is_never_taken() -> None:
    assert match_returns([given_back(1, customer=2)], [sold(1, 0, 5)]) == [None]


def test_what_was_matched_cannot_be_matched_again() -> None:
    found = match_returns([given_back(3), given_back(3)], [sold(1, 0, 5)])
    assert found == [1, None]


def test_a_sale_after_the_return_is_not_its_sale() -> None:
    assert match_returns([given_back(1, day=0)], [sold(1, 1, 5)]) == [None]


RETURNS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 9)), max_size=12)
SALES = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=8)


@given(RETURNS, SALES)
def test_no_sale_gives_back_more_than_was_shipped(
    returns: list[tuple[int, int]], sales: list[tuple[int, int]]
) -> None:
    shelf = [sold(n, day, left) for n, (day, left) in enumerate(sales)]
    given = [given_back(quantity, day) for quantity, day in returns]
    taken: dict[int, Decimal] = {}
    for item, line in zip(given, match_returns(given, shelf), strict=True):
        if line is not None:
            taken[line] = taken.get(line, Decimal(0)) + item.quantity
    assert all(quantity <= sales[line][1] for line, quantity in taken.items())


def test_a_return_is_inspected_before_it_is_put_back() -> None:
    assert RETURN.verbs("received") == ("inspect",)
    assert set(RETURN.verbs("inspected")) == {"restock", "repair", "scrap", "return_to_vendor"}
