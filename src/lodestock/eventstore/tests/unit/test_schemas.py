"""Event schemas: sound, frozen once released, and complete."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

import lodestock
from lodestock.eventstore import releases, schemas
from lodestock.eventstore.errors import InvalidEvent
from lodestock.eventstore.public import public_payload
from lodestock.eventstore.schemas import check_payload, schema_dir, schema_files
from lodestock.eventstore.types import NewEvent
from lodestock.kernel import ids

PACKAGE = Path(lodestock.__file__).parent
SQL_EVENT = re.compile(r"INSERT INTO eventstore_event.*?\$\$;", re.S)
EVENT_WORD = re.compile(
    r"'([A-Z][a-z]+(?:[A-Z][a-z]+)*(?:ed|Reserved|Moved|Consumed|Released|Rejected))'"
)


@pytest.fixture
def own_schemas(tmp_path, settings):
    """A folder of schemas of the test's own."""
    settings.EVENT_SCHEMAS_DIR = tmp_path
    settings.EVENT_SCHEMAS_CHECKED = True
    for cached in (schemas.newest_schema, schemas.validator):
        cached.cache_clear()
    yield tmp_path
    for cached in (schemas.newest_schema, schemas.validator):
        cached.cache_clear()


def put(folder: Path, name: str, version: str, **changes) -> Path:
    path = folder / name / f"{version}.json"
    path.parent.mkdir(exist_ok=True)
    schema = {
        "$id": f"urn:lodestock:event:{name}:{version}",
        "title": name,
        "description": "For a test.",
        "type": "object",
        "required": ["qty"],
        "properties": {"qty": {"type": "string"}, "at": {"type": "string", "format": "date"}},
    }
    path.write_text(json.dumps(schema | changes))
    return path


def test_every_schema_is_sound_and_no_released_one_has_changed():
    assert releases.problems() == []


def named_events() -> dict[str, str]:
    """Every event type the code writes, with where: constants of events modules, and SQL."""
    found: dict[str, str] = {}
    for path in PACKAGE.rglob("*.py"):
        place = str(path.relative_to(PACKAGE))
        if "/tests/" in place or "migrations" in place:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NewEvent":
                names = [a.value for a in node.args[:1] if isinstance(a, ast.Constant)]
                names += [
                    k.value.value
                    for k in node.keywords
                    if k.arg == "event_type" and isinstance(k.value, ast.Constant)
                ]
                found |= dict.fromkeys(names, place)
    for path in PACKAGE.rglob("*.sql"):
        for statement in SQL_EVENT.findall(path.read_text(encoding="utf-8")):
            place = str(path.relative_to(PACKAGE))
            found |= dict.fromkeys(EVENT_WORD.findall(statement), place)
    return found


def test_every_event_type_in_the_code_has_a_schema():
    """Types put together at run time are caught by ``append`` itself, which checks in tests."""
    found = named_events()
    assert {"StockMoved", "InventoryReserved", "ProductCreated"} <= set(found), (
        "the search is blind"
    )
    without = {name: place for name, place in found.items() if not schema_files(name)}
    assert without == {}


def test_a_payload_against_its_schema_is_refused_with_the_place(own_schemas):
    put(own_schemas, "ThingDone", "1.0.0")
    check_payload(NewEvent("ThingDone", {"qty": "1"}))
    with pytest.raises(InvalidEvent, match=r"ThingDone v1: qty: 5 is not of type 'string'"):
        check_payload(NewEvent("ThingDone", {"qty": 5}))
    with pytest.raises(InvalidEvent, match="'qty' is a required property"):
        check_payload(NewEvent("ThingDone", {}))


def test_formats_count(own_schemas):
    put(own_schemas, "ThingDone", "1.0.0")
    with pytest.raises(InvalidEvent, match="is not a 'date'"):
        check_payload(NewEvent("ThingDone", {"qty": "1", "at": "31.12.2026"}))


def test_an_event_without_a_schema_is_refused_with_what_to_do(own_schemas):
    with pytest.raises(InvalidEvent, match=r"add schemas/events/ThingDone/1\.0\.0\.json"):
        check_payload(NewEvent("ThingDone", {}))


def test_the_newest_file_of_the_major_version_counts(own_schemas):
    put(own_schemas, "ThingDone", "1.0.0")
    put(own_schemas, "ThingDone", "1.10.0", required=["qty", "why"])
    put(own_schemas, "ThingDone", "1.9.0")
    put(own_schemas, "ThingDone", "2.0.0", required=["other"])
    with pytest.raises(InvalidEvent, match="'why' is a required"):
        check_payload(NewEvent("ThingDone", {"qty": "1"}))
    check_payload(NewEvent("ThingDone", {"other": 1}, schema_version=2))


def test_a_released_version_must_not_change_or_go(own_schemas):
    path = put(own_schemas, "ThingDone", "1.0.0")
    assert releases.problems() == [
        "ThingDone/1.0.0.json is not released: run 'lodestock event_schemas --release'."
    ]
    assert releases.release() == ["ThingDone/1.0.0.json"]
    assert releases.problems() == []
    put(own_schemas, "ThingDone", "1.0.0", description="Changed afterwards.")
    assert "was released and has changed" in releases.problems()[0]
    assert releases.release() == [], "releasing again does not bless the change"
    assert "was released and has changed" in releases.problems()[0]
    path.unlink()
    assert "was released and is gone" in releases.problems()[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"$id": "urn:x"}, r"\$id must be urn:lodestock:event:ThingDone:1\.0\.0"),
        ({"title": "Other"}, "title must be the event's name"),
        ({"type": "thing"}, "is not valid under any"),
    ],
)
def test_an_unsound_schema_is_named(own_schemas, changes, message):
    put(own_schemas, "ThingDone", "1.0.0", **changes)
    assert re.search(message, releases.problems()[0])


def test_keys_in_payloads_become_public_ids_and_internal_parts_are_left_out(own_schemas):
    key = {"type": "integer", "x-public-id": "attention.exceptioncase"}
    line = {"properties": {"case_id": key, "line_key": {"x-internal": True}}}
    put(own_schemas, "ThingDone", "1.0.0", properties={"lines": {"items": line}})
    payload = {
        "lines": [{"case_id": 7, "line_key": "9"}, {"case_id": 0, "line_key": "9"}],
        "kind": "case",
    }
    assert public_payload("ThingDone", 1, payload) == {
        "lines": [
            {"case_id": ids.encode("attention.exceptioncase", 7)},
            {"case_id": None},
        ],
        "kind": "case",
    }
    assert public_payload("Unheard", 1, payload) == {}


def test_the_checked_in_schemas_show_no_key_of_a_known_model_as_it_is():
    """A property called …_id that is an integer must say whose key it is."""
    silent = []
    for path in schema_dir().glob("*/*.json"):
        text = json.loads(path.read_text(encoding="utf-8"))
        silent += [f"{path.parent.name}.{name}" for name in _bare_keys(text)]
    assert silent == []


def _bare_keys(schema: dict) -> list[str]:
    found = []
    for name, part in schema.get("properties", {}).items():
        kinds = part.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if name.endswith("_id") and "integer" in kinds and not part.get("x-public-id"):
            found.append(name)
        found += _bare_keys(part) + _bare_keys(part.get("items", {}))
    return found
