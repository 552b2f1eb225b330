"""Units of a variant: exact or refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.catalog.domain.conversion import Unit, UnitTable, read_factor
from lodestock.catalog.errors import InexactConversion, NoConversion, UnknownUnit
from lodestock.kernel.errors import InvalidInput

UNITS = {
    unit.code: unit
    for unit in (
        Unit("each", "count", Fraction(1), 0),
        Unit("dozen", "count", Fraction(12), 0),
        Unit("case", "count", None, 0),
        Unit("pallet", "count", None, 0),
        Unit("kg", "mass", Fraction(1)),
        Unit("g", "mass", Fraction(1, 1000)),
        Unit("lb", "mass", Fraction("0.45359237")),
        Unit("m", "length", Fraction(1)),
    )
}


def table(base: str = "each", **own: object) -> UnitTable:
    return UnitTable("BX-204", UNITS[base], {k: read_factor(v) for k, v in own.items()}, UNITS)


def test_two_pallets_of_480_are_960_each():
    boxes = table(case=12, pallet=480)
    assert boxes.to_base(2, "pallet") == Decimal(960)
    assert boxes.from_base(960, "case") == Decimal(80)
    assert boxes.convert(3, "pallet", "case") == Decimal(120)


def test_units_of_one_dimension_need_no_factor():
    assert table("kg").to_base("2500", "g") == Decimal("2.5")
    assert table("kg").to_base("100", "lb") == Decimal("45.359237")
    assert table().to_base(2, "dozen") == Decimal(24)


def test_kg_and_each_need_a_factor_of_the_variant():
    with pytest.raises(NoConversion, match="state how many each one kg of it holds"):
        table(case=12).to_base(1, "kg")
    assert table(kg=4).to_base("2.5", "kg") == Decimal(10)


def test_a_factor_for_kg_serves_grams_too():
    assert table(kg=4).to_base(500, "g") == Decimal(2)


def test_a_pack_is_not_the_same_in_every_variant():
    with pytest.raises(NoConversion, match="how many each one pallet of it holds"):
        table(case=12).to_base(1, "pallet")


def test_what_does_not_come_out_even_is_refused_not_rounded():
    thirds = table(kg="10/3")
    assert thirds.to_base(3, "kg") == Decimal(10)
    with pytest.raises(InexactConversion, match=r"1 kg of BX-204 are 3\.33333333… each"):
        thirds.to_base(1, "kg")
    with pytest.raises(InexactConversion, match="each, which has 0 decimals"):
        table(case=12).to_base("0.3", "case")


def test_half_a_case_of_twelve_is_six():
    assert table(case=12).to_base("0.5", "case") == Decimal(6)


def test_an_unknown_unit_is_named_with_the_known_ones():
    with pytest.raises(UnknownUnit, match=r"no unit 'crate'.*each, case, pallet"):
        table(case=12, pallet=480).to_base(1, "crate")


@pytest.mark.parametrize("bad", ["NaN", "inf", "1e30", "0.0000001", "two", 1.5, True, None, ""])
def test_what_is_no_quantity_is_refused(bad):
    with pytest.raises(InvalidInput):
        table(case=12).to_base(bad, "case")


@pytest.mark.parametrize("bad", [0, -12, "0", "1/0", 1.5, "NaN", "ten", True, None, "1e40", ""])
def test_what_is_no_factor_is_refused(bad):
    with pytest.raises(InvalidInput):
        read_factor(bad)


fractions = st.builds(Fraction, st.integers(1, 10**6), st.integers(1, 10**6))
quantities = st.decimals(
    min_value=Decimal("0.000001"), max_value=Decimal(10**7), places=6, allow_nan=False
)


@given(quantity=quantities, factor=fractions)
def test_there_and_back_again_is_the_same_number_or_a_refusal(quantity, factor):
    weighed = UnitTable("X", UNITS["kg"], {"m": factor}, UNITS)
    try:
        there = weighed.to_base(quantity, "m")
    except InexactConversion:
        assert (Fraction(quantity) * factor * 10**6).denominator != 1
        return
    assert Fraction(there) == Fraction(quantity) * factor
    assert weighed.from_base(there, "m") == quantity


@given(cases=st.integers(0, 10**6), size=st.integers(1, 10**5))
def test_whole_packs_always_convert_and_add_up(cases, size):
    packed = table(case=size)
    assert packed.to_base(cases, "case") + packed.to_base(1, "case") == packed.to_base(
        cases + 1, "case"
    )


@given(quantity=quantities)
def test_a_chain_of_units_equals_the_direct_way(quantity):
    sheet = table("kg", m="7/8")
    try:
        grams = sheet.convert(quantity, "m", "g")
        direct = sheet.to_base(quantity, "m")
    except InexactConversion:
        return
    assert sheet.to_base(grams, "g") == direct
