"""How a site names its places."""

from __future__ import annotations

import time

import pytest

from lodestock.kernel.errors import InvalidInput
from lodestock.locations.domain.grammar import read_grammar
from lodestock.locations.errors import BadCode, WrongPlace

STRICT = read_grammar(
    "BER",
    {
        "levels": [
            {"kind": "warehouse", "pattern": r"WH\d"},
            {"kind": "zone", "pattern": r"Z\d"},
            {"kind": "aisle", "pattern": r"A\d\d"},
            {"kind": "rack", "pattern": r"R\d\d"},
            {"kind": "bin", "pattern": r"B\d+"},
        ]
    },
)


@pytest.mark.parametrize(
    ("kind", "code", "parent"),
    [
        ("warehouse", "WH1", None),
        ("zone", "Z2", "warehouse"),
        ("bin", "B2", "rack"),
        ("bin", "B17", "zone"),
        ("bin", "B1", "bin"),
        ("dock", "Dock.1", "warehouse"),
        ("stage", "OUT_1", "zone"),
        ("warehouse", "WH2", "site"),
    ],
)
def test_a_code_that_fits_is_accepted(kind, code, parent):
    STRICT.check(kind=kind, code=code, parent_kind=parent)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("zone", "Z22"),
        ("zone", "z2"),
        ("aisle", "A3"),
        ("bin", "B"),
        ("dock", "D/1"),
        ("dock", ""),
        ("dock", " D1"),
        ("dock", "-D"),
        ("dock", "x" * 41),
        ("dock", "Dock\n"),
    ],
)
def test_a_code_that_does_not_fit_is_refused(kind, code):
    with pytest.raises(BadCode):
        STRICT.check(kind=kind, code=code, parent_kind=None)


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("zone", "rack"), ("warehouse", "zone"), ("site", "warehouse"), ("dock", "bin")],
)
def test_the_levels_are_not_turned_round(kind, parent):
    code = {"zone": "Z1", "warehouse": "WH1", "site": "S", "dock": "D"}[kind]
    with pytest.raises(WrongPlace, match="order at BER is warehouse, zone, aisle, rack, bin"):
        STRICT.check(kind=kind, code=code, parent_kind=parent)


@pytest.mark.parametrize(
    "levels",
    [
        [{"kind": "shelf", "pattern": "x"}],
        [{"kind": "virtual", "pattern": "x"}],
        [{"kind": "bin", "pattern": "("}],
        [{"kind": "bin", "pattern": "(a+)+$"}],
        [{"kind": "bin", "pattern": "x" * 121}],
        [{"kind": "bin", "pattern": "x"}, {"kind": "bin", "pattern": "y"}],
    ],
)
def test_a_grammar_that_cannot_be_used_is_named(levels):
    with pytest.raises(InvalidInput, match="location_grammar of BER"):
        read_grammar("BER", {"levels": levels})


def test_no_pattern_takes_for_ever():
    grammar = read_grammar("BER", {"levels": [{"kind": "bin", "pattern": "[A-Z]+[A-Z]+[0-9]"}]})
    started = time.perf_counter()
    with pytest.raises(BadCode):
        grammar.check(kind="bin", code="A" * 40, parent_kind=None)
    assert time.perf_counter() - started < 0.1
