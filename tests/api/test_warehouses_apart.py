"""Somebody who works in one warehouse sees its places, stock and documents, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from tests.api.houses import House, a_house, a_shipment, a_worker

from lodestock.accounts.types import Role
from lodestock.locations.tests.factories import a_site, a_warehouse
from lodestock.purchasing.tests.factories import a_supplier
from lodestock.shipping.types import Direction

pytestmark = pytest.mark.django_db

#: Lists whose rows belong to a place.
APART = (
    *("locations", "stock", "movements", "postings", "reservations", "handling-units"),
    *("purchase-orders", "purchase-lines", "receipts", "receipt-lines"),
    *("sales-orders", "sales-lines", "returns", "return-lines"),
    *("shipments", "shipment-lines", "parcels", "tracking-events"),
)

Houses = tuple[House, House]


@pytest.fixture
def houses() -> Houses:
    return a_house("WH1"), a_house("WH2")


def rows(client: APIClient, name: str, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{name}", {"page_size": 200} | query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def sqids(client: APIClient, name: str) -> set[str]:
    """The rows of a list; of places only those one can walk to, as the others are everybody's."""
    query = {"kind__in": "warehouse,zone"} if name == "locations" else {}
    return {row["sqid"] for row in rows(client, name, **query)}


def test_every_list_shows_the_rows_of_ones_own_warehouse_only(houses: Houses) -> None:
    first, second = houses
    looks_everywhere, both = a_worker(role=Role.VIEW_ONLY), a_worker(first.dock, second.warehouse)
    at_first, at_second = a_worker(first.warehouse), a_worker(second.warehouse)
    for name in APART:
        here, there = sqids(at_first, name), sqids(at_second, name)
        assert here, name
        assert there, name
        assert not here & there, name
        assert here | there == sqids(looks_everywhere, name), name
        if name != "locations":
            assert here | there == sqids(both, name), name


def test_without_a_grant_nothing_is_seen(houses: Houses) -> None:
    nowhere = a_worker()
    assert {name: rows(nowhere, name) for name in APART} == {name: [] for name in APART}


def test_what_lies_elsewhere_is_not_found(houses: Houses) -> None:
    mine, theirs = (a_worker(house.warehouse) for house in houses)
    for name in APART:
        for client, status in ((mine, 200), (theirs, 404)):
            for sqid in sqids(mine, name):
                address = f"/api/v1/{name}/{sqid}"
                assert client.get(address).status_code == status, address


def test_a_warehouse_costs_no_further_query(houses: Houses) -> None:
    everywhere, here = a_worker(role=Role.VIEW_ONLY), a_worker(houses[0].warehouse)
    for name in APART:
        counted = []
        for client in (everywhere, here):
            with CaptureQueriesContext(connection) as captured:
                rows(client, name, page_size=1)
            counted.append(len(captured))
        assert counted[0] == counted[1], name


def test_a_grant_for_a_part_of_the_house_reaches_what_lies_below_it(houses: Houses) -> None:
    first, _ = houses
    part = a_worker(first.dock)
    assert sqids(part, "sales-orders") == {first.sale.sqid}
    assert sqids(part, "locations") == {first.dock.sqid}


def test_a_place_whose_name_only_begins_alike_is_another_house(houses: Houses) -> None:
    alike = a_warehouse("WH10", a_site("SITE-WH1"))
    assert alike.sqid not in sqids(a_worker(houses[0].warehouse), "locations")


def test_who_has_a_place_can_name_the_other_side_of_a_movement(houses: Houses) -> None:
    first, second = houses
    keeper = a_worker(role=Role.STOCK_KEEPER)
    body = {"site": first.here["site"], "kind": "transit"}
    own = keeper.post("/api/v1/locations/virtual", body, format="json").json()["sqid"]
    here = {row["sqid"]: row for row in rows(a_worker(first.dock), "locations", kind="virtual")}
    there = {row["sqid"]: row for row in rows(a_worker(second.dock), "locations", kind="virtual")}
    kinds = {row["virtual_kind"] for row in there.values()}
    assert {"supplier", "customer", "transit", "scrap"} <= kinds
    assert set(here) - set(there) == {own}


def test_goods_that_came_to_another_house_are_not_seen_through_the_supplier(
    houses: Houses,
) -> None:
    """A virtual place is on one side of most movements; that makes nobody's house of it."""
    first, second = houses
    places = {second.warehouse.sqid, second.dock.sqid}
    for row in rows(a_worker(first.warehouse), "movements"):
        assert not places & {row["source"]["location"], row["destination"]["location"]}


def test_a_shipment_is_seen_at_both_of_its_ends(houses: Houses) -> None:
    first, second = houses
    third = a_warehouse("WH3", a_site("SITE-WH3"))
    moved = a_shipment(
        Direction.TRANSFER,
        origin_location_id=first.dock.pk,
        destination_location_id=second.dock.pk,
    )
    seen = [
        moved.sqid in sqids(a_worker(place), "shipments")
        for place in (first.warehouse, second.warehouse, third)
    ]
    assert seen == [True, True, False]


def test_a_shipment_that_touches_no_house_of_ours_is_in_nobodys_warehouse(houses: Houses) -> None:
    direct = a_shipment(origin_partner_id=a_supplier())
    assert direct.sqid in sqids(a_worker(role=Role.VIEW_ONLY), "shipments")
    assert direct.sqid not in sqids(a_worker(houses[0].warehouse), "shipments")


def test_reports_add_up_what_one_sees(houses: Houses) -> None:
    address = "/api/v1/reports/purchase-summary"
    seen = [
        sum(row["orders"] for row in client.get(address).json()["results"])
        for client in (a_worker(role=Role.VIEW_ONLY), a_worker(houses[0].warehouse), a_worker())
    ]
    assert seen == [2, 1, 0]
