"""Figures that are given, pointed elsewhere, or absent for a reason."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lodestock.kernel.errors import InvalidInput
from lodestock.shipping.domain.stated import check_stated
from lodestock.shipping.types import Meaning, Stated


def check(stated: Stated) -> Stated:
    return check_stated(stated, field="weight", places=6)


def test_a_stated_figure_keeps_its_value() -> None:
    assert check(Stated.of(Decimal("13"))).value == 13


def test_a_figure_captured_separately_is_absent_not_zero() -> None:
    assert check(Stated(None, Meaning.CAPTURED_SEPARATELY)).value is None


@pytest.mark.parametrize(
    "wrong",
    [
        Stated(Decimal(0), Meaning.CAPTURED_SEPARATELY),
        Stated(None, Meaning.STATED),
        Stated(None, Meaning.SEE_OTHER_LINE),
        Stated(None, Meaning.INCLUDED, see_key="1281"),
        Stated(Decimal(-1), Meaning.STATED),
        Stated(Decimal("NaN"), Meaning.STATED),
    ],
)
def test_parts_that_contradict_each_other_are_refused(wrong: Stated) -> None:
    with pytest.raises(InvalidInput):
        check(wrong)
