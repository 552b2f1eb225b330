"""Check digits, and JSON that keeps every digit."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.exact_json import dumps
from lodestock.kernel.gs1 import parse_gln, parse_gtin


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("4006381333931", "04006381333931"),
        ("14006381333938", "14006381333938"),
        (" 4006381333931 ", "04006381333931"),
    ],
)
def test_a_gtin_of_every_length_is_kept_with_14_digits(given_text, kept):
    assert parse_gtin(given_text) == kept


def check_digit(payload: str) -> str:
    weighted = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(payload)))
    return str(-weighted % 10)


@given(payload=st.text("0123456789", min_size=12, max_size=12), wrong=st.integers(1, 9))
def test_only_the_right_check_digit_is_accepted(payload, wrong):
    right = check_digit(payload)
    other = str((int(right) + wrong) % 10)
    with pytest.raises(InvalidInput):
        parse_gln(payload + other)
    with pytest.raises(InvalidInput):
        parse_gtin(payload + other)


@pytest.mark.parametrize("bad", ["", "x", "123", "400638133393", "4006381333931x", "١٢٣٤٥٦٧٨"])
def test_what_is_no_number_is_refused_with_its_field(bad):
    with pytest.raises(InvalidInput) as refused:
        parse_gln(bad, field="site_gln")
    assert refused.value.field == "site_gln"


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_a_number_with_the_same_digits(number):
    text = dumps({"n": number, "list": [number]})
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal) == {
        "n": number,
        "list": [number],
    }


@given(st.text())
def test_no_text_turns_into_a_number(text):
    if "\x00" not in text:
        assert json.loads(dumps([text])) == [text]


def test_days_are_text_and_everything_else_is_refused():
    assert dumps([date(2026, 3, 1), None, True]) == '["2026-03-01",null,true]'
    for bad in (float("nan"), Decimal("NaN"), object()):
        with pytest.raises((TypeError, ValueError)):
            dumps([bad])
