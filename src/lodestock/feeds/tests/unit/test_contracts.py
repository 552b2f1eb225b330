from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from lodestock.feeds.domain.contract import load_contract, parse_contract
from lodestock.feeds.domain.contract.loading import contract_schema
from lodestock.feeds.domain.drift import amend
from lodestock.feeds.errors import InvalidContract
from lodestock.feeds.testing.sample_feed import CONTRACT_TEXT

ROOT = Path(__file__).parents[5]


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidContract) as caught:
        parse_contract(text, name="test.yaml")
    return caught.value.problems


def changed(**changes: object) -> str:
    document = yaml.safe_load(CONTRACT_TEXT)
    document.update(changes)
    return json.dumps(document)


def test_the_checked_in_schema_is_the_one_in_use() -> None:
    checked_in = json.loads((ROOT / "schemas/contracts/contract.json").read_text())
    assert checked_in == contract_schema()


@pytest.mark.parametrize("name", ["scms", "online_retail"])
def test_the_example_contracts_are_valid(name) -> None:
    assert load_contract(ROOT / f"examples/contracts/{name}.yaml").name == name


def test_every_problem_is_named_with_its_place_at_once() -> None:
    document = yaml.safe_load(CONTRACT_TEXT)
    document["columns"][3]["type"] = "number"
    document["columns"][6]["patterns"] = ["dd/mm"]
    document["version"] = "one"
    found = problems(json.dumps(document))
    assert any(problem.startswith("columns[3].type") for problem in found)
    assert any(problem.startswith("version") for problem in found)


def test_a_date_column_without_a_pattern_is_refused() -> None:
    document = yaml.safe_load(CONTRACT_TEXT)
    del document["columns"][6]["patterns"]
    assert any("patterns" in problem for problem in problems(json.dumps(document)))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"identity": {"key": ["nobody"]}}, "identity.key[0]"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"checks": [{"name": "x", "earlier": "order", "later": "due_on"}]}, "checks[0].earlier"),
        ({"classes": [{"name": "a"}, {"name": "a"}]}, "classes"),
    ],
)
def test_a_name_used_must_be_a_name_declared(changes, place) -> None:
    assert any(problem.startswith(place) for problem in problems(changed(**changes)))


def test_a_key_written_twice_is_refused_and_not_silently_overwritten() -> None:
    assert "written twice" in problems(CONTRACT_TEXT + '\nversion: "2.0"\n')[0]


def test_a_date_pattern_must_name_day_month_and_year_once() -> None:
    document = yaml.safe_load(CONTRACT_TEXT)
    document["columns"][6]["patterns"] = ["d/m"]
    found = problems(json.dumps(document))
    assert found == [
        "columns[6](ordered_at).patterns[0]: date pattern 'd/m' must name the year exactly once"
    ]


def test_a_confirmed_fix_becomes_the_next_minor_version() -> None:
    document = yaml.safe_load(CONTRACT_TEXT)
    fix = {"action": "read_dates_as", "column": "ordered_at", "pattern": "d/m/yyyy"}
    amended = amend(document, [fix])
    assert amended["version"] == "1.1"
    assert document["version"] == "1.0"
    contract = parse_contract(json.dumps(amended))
    assert contract.column("ordered_at").patterns == ("m/d/yy", "d/m/yyyy")


def test_a_fix_instead_of_an_equal_looking_pattern_replaces_it() -> None:
    fix = {
        "action": "read_dates_as",
        "column": "ordered_at",
        "pattern": "d/m/yy",
        "instead_of": "m/d/yy",
    }
    amended = amend(yaml.safe_load(CONTRACT_TEXT), [fix])
    assert amended["columns"][6]["patterns"] == ["d/m/yy"]


@pytest.mark.parametrize(
    "fix",
    [
        {"action": "add_alias", "column": "price", "header": "Unit Price"},
        {"action": "make_optional", "column": "country"},
        {"action": "add_column", "column": "remark", "header": "Remark"},
        {"action": "add_values", "column": "channel", "values": ["fax"]},
        {"action": "read_numbers_as", "column": "price", "decimal": ",", "thousands": ""},
        {"action": "scale", "column": "quantity", "factor": "0.001"},
        {"action": "accept_separator", "separator": "semicolon"},
        {"action": "accept_encoding", "encoding": "cp1252"},
        {"action": "accept_line_ends", "line_ends": "CR", "usual": ["LF"]},
        {"action": "accept_format", "kind": "xlsx"},
        {"action": "accept_drift", "column": "country"},
    ],
)
def test_every_fix_leaves_a_valid_contract(fix) -> None:
    parse_contract(json.dumps(amend(yaml.safe_load(CONTRACT_TEXT), [fix])))
