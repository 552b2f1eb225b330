"""Two versions live beside each other; what the second leaves out, the first keeps."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from lodestock.organisation.models import Currency

GOLDEN = Path(__file__).with_name("golden_currency_v1.json")
ROOT = Path(__file__).resolve().parents[2]


MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture
def the_row(db) -> Currency:
    """A row whose every shown value is fixed, its key included."""
    row = Currency(id=123456, code="XTS", name="Reserved for testing", created_at=MOMENT)
    row.save(force_insert=True)
    Currency.objects.filter(pk=row.pk).update(updated_at=MOMENT)
    return row


@pytest.fixture(params=["address", "header", "neither"])
def version_one(request, api):
    """Three ways to ask for version 1."""

    def get(resource: str):
        if request.param == "address":
            return api.get(f"/api/v1/{resource}")
        headers = {"Accept": "application/json; version=1"} if request.param == "header" else {}
        return api.get(f"/api/{resource}", headers=headers)

    return get


def test_version_one_stays_byte_for_byte_what_it_was(version_one, the_row):
    shown = version_one(f"currencies/{the_row.sqid}").content
    assert shown.rstrip() == GOLDEN.read_bytes().rstrip()


@pytest.mark.parametrize("by_header", [True, False])
def test_version_two_leaves_a_field_out(api, the_row, by_header):
    if by_header:
        headers = {"Accept": "application/json; version=2"}
        answer = api.get(f"/api/currencies/{the_row.sqid}", headers=headers)
    else:
        answer = api.get(f"/api/v2/currencies/{the_row.sqid}")
    assert set(json.loads(GOLDEN.read_text())) - set(answer.json()) == {"name"}


def test_an_address_and_a_header_that_disagree_are_refused(api):
    answer = api.get("/api/v1/currencies", headers={"Accept": "application/json; version=2"})
    assert answer.status_code == 406


def test_an_unknown_version_is_refused_by_name(api):
    answer = api.get("/api/currencies", headers={"Accept": "application/json; version=9"})
    assert answer.status_code == 406
    assert "known are: 1, 2" in answer.json()["detail"]


def test_an_address_with_a_trailing_slash_is_the_same_address(api):
    assert api.get("/api/v1/currencies/").json() == api.get("/api/v1/currencies").json() | {
        "next": api.get("/api/v1/currencies/").json()["next"]
    }


def test_the_checked_in_description_is_the_api_as_it_is(capsys):
    call_command("openapi", str(ROOT / "schemas/openapi.yaml"), check=True)
    assert "as it is" in capsys.readouterr().out


def test_the_description_is_openapi_3_1_and_names_every_address(db):
    from tests.api.resources import actions

    from lodestock.kernel.api.documentation import document

    described = document()
    assert described["openapi"].startswith("3.1")
    for _, action, method, path in actions():
        assert method in described["paths"][path], (action, path)


def test_the_documentation_loads_nothing_from_outside(api):
    page = api.get("/api/docs")
    text = page.content.decode()
    assert page.status_code == 200
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert "<script>" not in text
    policy = page.headers["Content-Security-Policy"]
    assert "script-src" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_the_description_is_served_to_everybody(anonymous):
    answer = anonymous.get("/api/schema", headers={"Accept": "application/vnd.oai.openapi"})
    assert answer.status_code == 200
    assert answer.content.startswith(b"openapi: 3.1")
