"""Combinations of option values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.catalog.domain.options import (
    clean_options,
    combinations,
    count,
    option_key,
    sku_for,
)
from lodestock.catalog.errors import OptionsConflict
from lodestock.catalog.types import OptionSpec
from lodestock.kernel.errors import InvalidInput

SHIRT = clean_options([OptionSpec("colour", ["red", "blue"]), OptionSpec("size", ["S", "M", "L"])])


def test_every_combination_appears_once():
    keys = [option_key(SHIRT, combination) for combination in combinations(SHIRT)]
    assert len(keys) == len(set(keys)) == 6
    assert keys[0] == "colour=red|size=S"


def test_without_options_there_is_one_empty_combination():
    assert combinations([]) == [{}]
    assert option_key([], {}) == ""


def test_a_sku_is_spelt_from_stem_and_values():
    assert sku_for("TS", {"colour": "light blue", "size": "XL"}) == "TS-LIGHTBLUE-XL"


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"colour": "red"},
        {"colour": "red", "size": "S", "fit": "slim"},
        {"colour": 1, "size": 2},
    ],
)
def test_a_combination_names_one_known_value_of_every_option(chosen):
    with pytest.raises(OptionsConflict):
        option_key(SHIRT, chosen)


@pytest.mark.parametrize(
    "bad",
    [
        [OptionSpec("colour", [])],
        [OptionSpec("colour", ["red", "red"])],
        [OptionSpec("colour", ["a=b"])],
        [OptionSpec("colour", ["a|b"])],
        [OptionSpec("colour", [" "])],
        [OptionSpec("", ["red"])],
        [OptionSpec("a__b", ["red"])],
        [OptionSpec("size", ["S"]), OptionSpec("size", ["M"])],
        [OptionSpec(name, [str(n) for n in range(50)]) for name in ("a", "b")],
    ],
)
def test_bad_options_are_refused(bad):
    with pytest.raises(InvalidInput):
        clean_options(bad)


@given(sizes=st.lists(st.integers(1, 6), max_size=4))
def test_the_number_of_combinations_is_the_product_of_the_values(sizes):
    options = clean_options(
        OptionSpec(f"o{i}", [f"v{n}" for n in range(size)]) for i, size in enumerate(sizes)
    )
    assert len(combinations(options)) == count(options)
