from decimal import Decimal

import pytest

from lodestock.kernel.admin.columns import trimmed


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("921.6000", "921.6"),
        ("12.000000", "12"),
        ("1200.000000", "1,200"),
        ("0.000001", "0.000001"),
        ("-1234567.5000", "-1,234,567.5"),
        ("100", "100"),
    ],
)
def test_a_number_in_a_list_has_no_idle_zeros(number: str, shown: str) -> None:
    assert trimmed(Decimal(number)) == shown


def test_nothing_is_shown_as_nothing() -> None:
    assert trimmed(None) == ""


@pytest.mark.parametrize(("amount", "shown"), [("921.6000", "921.60"), ("3.1415", "3.1415")])
def test_an_amount_keeps_its_cents(amount: str, shown: str) -> None:
    assert trimmed(Decimal(amount), places=2) == shown
