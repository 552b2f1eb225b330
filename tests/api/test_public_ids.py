"""Raw keys never leave the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.api.resources import LISTS, Resource

# Names that hold a key in our tables; in JSON they must hold a public id, or be absent.
KEY_NAMES = re.compile(r"^(id|pk|.*_id|.*_ids)$")
# Ids of the outside world, and codes, that only look like keys.
FOREIGN_IDS = {"correlation_id", "causation_id", "event_id", "external_id", "tracking_id"}


@pytest.fixture
def database(stocked: None) -> None:
    """Every list has rows."""


def suspicious(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            where = f"{path}.{name}"
            if name in {"id", "pk"} or (
                KEY_NAMES.match(name) and name not in FOREIGN_IDS and _is_number(inner)
            ):
                yield where
            yield from suspicious(inner, where)
    elif isinstance(value, list):
        for inner in value:
            yield from suspicious(inner, f"{path}[]")


def _is_number(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and value.isdigit()
    )


@pytest.mark.parametrize("resource", LISTS, ids=str)
def test_no_answer_shows_a_raw_key(api, resource: Resource):
    page = api.get(resource.path, {"page_size": 20}).json()
    assert page["results"]
    assert not list(suspicious(page))
    for row in page["results"][:2]:
        for address in (f"{resource.path}/{row['sqid']}", f"{resource.path}/{row['sqid']}/history"):
            answer = api.get(address)
            if answer.status_code == 200:
                assert not list(suspicious(answer.json()))
