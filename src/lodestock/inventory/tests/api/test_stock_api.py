"""Stock over HTTP: one row for an article in a place, and one more for each of its lots there."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from lodestock.inventory import services
from lodestock.inventory.models import Balance
from lodestock.inventory.tests import factories as f
from lodestock.inventory.types import MovementLine, Place
from lodestock.kernel import ids

pytestmark = pytest.mark.django_db
STOCK = "/api/v1/stock"


@pytest.fixture
def api() -> APIClient:
    user = get_user_model().objects.create_superuser(
        username="boss", email="boss@example.org", password="a long pass phrase 7"
    )
    client = APIClient()
    client.force_authenticate(user)
    return client


def rows(api: APIClient, **query: str) -> list[dict[str, Any]]:
    answer = api.get(STOCK, query)
    assert answer.status_code == 200, answer.json()
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_an_article_in_a_place_is_exactly_one_row_of_this_shape(api: APIClient) -> None:
    box, dock = f.a_variant("BX-204"), f.a_warehouse("DOCK")
    f.receive(box, dock, 7)
    f.receive(box, dock, "5.5")
    services.reserve_stock(
        reference_type="sales_order",
        reference_id="SO-1",
        line_key="1",
        variant_id=box.pk,
        quantity=f.quantity(2),
        location_ids=[dock.pk],
    )
    f.receive(box, f.a_bin(dock), 3)  # the same article elsewhere
    f.receive(f.a_variant("BX-205"), dock, 4)  # another article in the same place
    balance = Balance.objects.get(variant_id=box.pk, location_id=dock.pk)
    assert rows(api, item=box.sqid, location=dock.sqid) == [
        {
            "sqid": balance.sqid,
            "variant": box.sqid,
            "sku": "BX-204",
            "location": dock.sqid,
            "path": "DOCK",
            "lot": None,
            "lot_code": None,
            "expires_on": None,
            "status": "available",
            "owner": None,
            "on_hand": "12.500000",
            "reserved": "2.000000",
            "available": "10.500000",
            "in_units": "0.000000",
        }
    ]


def test_each_lot_in_a_place_is_a_row_of_its_own(api: APIClient) -> None:
    pill, dock = f.a_variant("PILL", tracking="lot"), f.a_warehouse()
    shelf = f.a_bin(dock)
    first, second = (
        services.create_lot(variant_id=pill.pk, code=code, expires_on=day)
        for code, day in (("L1", "2031-05-01"), ("L2", None))
    )
    for place, lot, amount in ((dock, first, 10), (dock, second, 20), (shelf, first, 40)):
        f.receive(pill, place, amount, lot_id=lot.pk)
    here = rows(api, item=pill.sqid, location=dock.sqid)
    told = {(r["lot"], r["lot_code"], r["expires_on"], r["on_hand"]) for r in here}
    assert told == {
        (first.sqid, "L1", "2031-05-01", "10.000000"),
        (second.sqid, "L2", None, "20.000000"),
    }
    assert len(here) == 2
    (one,) = rows(api, item=pill.sqid, location=dock.sqid, lot=first.sqid)
    assert one["on_hand"] == "10.000000"


def test_goods_that_may_not_be_promised_stand_in_a_row_beside_the_others(api: APIClient) -> None:
    box, dock = f.a_variant(), f.a_warehouse()
    f.receive(box, dock, 10)
    sides = Place(dock.pk), Place(dock.pk, status="quarantine")
    f.post("transfer", [MovementLine(box.pk, f.quantity(4), *sides)])
    found = rows(api, item=box.sqid, location=dock.sqid)
    assert {(r["status"], r["on_hand"], r["available"]) for r in found} == {
        ("available", "6.000000", "6.000000"),
        ("quarantine", "4.000000", "0.000000"),
    }
    (good,) = rows(api, item=box.sqid, location=dock.sqid, status="available")
    assert good["on_hand"] == "6.000000"


def test_an_empty_place_is_no_row_unless_zeros_are_asked_for(api: APIClient) -> None:
    box, dock = f.a_variant(), f.a_warehouse()
    f.receive(box, dock, 3)
    f.ship(box, dock, 3)
    assert rows(api, item=box.sqid, location=dock.sqid) == []
    (row,) = rows(api, item=box.sqid, location=dock.sqid, zero="true")
    assert row["on_hand"] == "0.000000"


@pytest.mark.parametrize("name", ["item", "location"])
def test_an_id_that_is_none_is_refused_by_name(api: APIClient, name: str) -> None:
    answer = api.get(STOCK, {name: "BX-204"})
    assert answer.status_code == 400
    problem = answer.json()
    assert [error["field"] for error in problem["errors"]] == [name]
    assert "BX-204" in problem["errors"][0]["detail"]
    assert api.get(STOCK, {"itme": "x"}).json()["code"] == "invalid_input"


def test_an_id_of_nothing_is_told_from_an_article_without_stock(api: APIClient) -> None:
    """A well-made id to which no article belongs must not look like an empty shelf."""
    box = f.a_variant()
    assert rows(api, item=box.sqid) == []
    nobody = ids.encode("catalog.variant", box.pk + 1_000_000)
    answer = api.get(STOCK, {"item": nobody})
    assert answer.status_code == 400, answer.json()
    assert nobody in str(answer.json())
