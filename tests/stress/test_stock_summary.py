"""Stock rolled up by warehouse and over the network is what adding up the movements gives.

The other side is counted in plain Python, from the movements one by one and the parents of places,
never from balances or paths.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient
from tests.stress.company import VERBS, Company, Premises, found

from lodestock.accounts.services import create_user, grant_scope
from lodestock.inventory.models import Movement, ReservationLine
from lodestock.locations import services as locations
from lodestock.locations.models import Location
from lodestock.organisation import services as organisation

LONG = os.environ.get("LODESTOCK_SCALE", "test") != "test"
SUMMARY = "/api/v1/stock/summary"
PASSWORD = "a long pass phrase 7"

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900 if LONG else 240)]

#: (path of the place or None, SKU) → on hand, reserved, available.
Totals = dict[tuple[str | None, str], tuple[Decimal, Decimal, Decimal]]


def a_network() -> Premises:
    """Goods lie in three warehouses of two sites, one inside another, and on a dock of its own."""
    premises = found()
    north = organisation.ensure_site(
        code="NORTH", name="North", currency="EUR", time_zone="Europe/Oslo"
    )
    second = _place(premises.site, "warehouse", "WH2", holds_stock=True)
    rack = _place(premises.site, "rack", "R1", parent=_place(premises.site, "zone", "Z1", second))
    annex = _place(premises.site, "warehouse", "ANNEX", second, holds_stock=True)
    third = _place(north.pk, "warehouse", "WH3")
    extra = (
        second,
        _place(premises.site, "bin", "B1", rack),
        annex,
        _place(north.pk, "zone", "Z1", third, holds_stock=True),
        _place(north.pk, "dock", "DOCK", holds_stock=True),
    )
    return replace(premises, bins=(*premises.bins, *extra))


def _place(site: int, kind: str, code: str, parent: int | None = None, **fields: Any) -> int:
    made = locations.create_location(site_id=site, kind=kind, code=code, parent_id=parent, **fields)
    return int(made.pk)


def added_up(kind: str | None, *, sku: str = "", under: str = "") -> Totals:
    """Stock by SKU and by place of a kind (over everything for None), counted by hand."""
    places = {place.pk: place for place in Location.objects.all()}

    def homes(place: Location) -> Iterator[str | None]:
        chain, upper = [place], place.parent_id
        while upper is not None:
            chain.append(places[upper])
            upper = places[upper].parent_id
        if under and under not in {one.path for one in chain}:
            return
        yield from [None] if kind is None else [one.path for one in chain if one.kind == kind]

    there: dict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    free: dict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    held: dict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    for movement in Movement.objects.select_related("variant"):
        for place_id, status, change in (
            (movement.source_id, movement.source_status, -movement.quantity),
            (movement.destination_id, movement.destination_status, movement.quantity),
        ):
            if places[place_id].kind == "virtual" or sku not in {"", movement.variant.sku}:
                continue
            for home in homes(places[place_id]):
                there[home, movement.variant.sku] += change
                free[home, movement.variant.sku] += change if status == "available" else 0
    for line in ReservationLine.objects.select_related("reservation__variant"):
        article = line.reservation.variant.sku
        for home in homes(places[line.location_id]) if sku in {"", article} else ():
            held[home, article] += line.held
    return {
        key: (there[key], held[key], free[key] - held[key])
        for key in there.keys() | held.keys()
        if there[key] or held[key]
    }


def told(api: APIClient, **query: str) -> Totals:
    """What the API answers, all pages of it; no total comes twice."""
    rows: list[dict[str, Any]] = []
    answer = api.get(SUMMARY, query).json()
    while True:
        rows += answer["results"]
        if answer["next"] is None:
            break
        answer = api.get(answer["next"]).json()
    order = [(row["path"] or "", row["sku"]) for row in rows]
    assert len(set(order)) == len(order)
    return {
        (row["path"], row["sku"]): (
            Decimal(row["on_hand"]),
            Decimal(row["reserved"]),
            Decimal(row["available"]),
        )
        for row in rows
    }


_numbers = count(1)


def client(user: Any) -> APIClient:
    cache.clear()
    made = APIClient()
    made.force_authenticate(user)
    return made


def boss() -> APIClient:
    name = f"boss{next(_numbers)}"
    users = get_user_model().objects
    return client(users.create_superuser(username=name, email="", password=PASSWORD))


def in_business(seed: int, verbs: Iterable[str]) -> Company:
    company = Company(a_network(), Random(seed))
    for _ in range(25):
        company.do("receive")
    for verb in verbs:
        company.do(verb)
    return company


@settings(
    max_examples=60 if LONG else 6,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32 - 1), verbs=st.lists(st.sampled_from(VERBS), max_size=60))
@example(seed=1, verbs=list(VERBS) * 3)
def test_after_any_operations_the_summary_is_the_sum_of_the_movements(
    seed: int, verbs: list[str]
) -> None:
    with transaction.atomic():
        in_business(seed, verbs)
        api = boss()
        assert told(api, scope="warehouse") == added_up("warehouse")
        assert told(api, scope="network") == told(api) == added_up(None)
        assert told(api, level="zone") == added_up("zone")
        transaction.set_rollback(True)


def test_one_article_and_one_place_are_summed_by_themselves_and_page_by_page() -> None:
    company = in_business(4, [*VERBS, *["set_aside", "reserve"] * 12] * 2)
    api = boss()
    place = Location.objects.get(path="WH2")
    article = Movement.objects.select_related("variant").first().variant
    by_warehouse = added_up("warehouse")
    assert {path for path, _ in by_warehouse} == {"WH", "WH2", "WH2/ANNEX", "WH3"}
    assert any(reserved for _, reserved, _ in by_warehouse.values()), company.refused
    assert any(free != there - held for there, held, free in by_warehouse.values())
    assert told(api, scope="warehouse", page_size="2") == by_warehouse
    assert told(api, page_size="1") == added_up(None)
    for scope, kind in (("warehouse", "warehouse"), ("network", None)):
        inside = told(api, scope=scope, item=article.sqid, under=place.sqid)
        assert inside == added_up(kind, sku=article.sku, under="WH2") != {}
    # Goods on the dock that belongs to no warehouse count in the network alone.
    outside = {sku: total[0] for (_, sku), total in added_up(None, under="DOCK").items()}
    assert outside
    for sku, quantity in outside.items():
        outermost = ("WH", "WH2", "WH3")  # what lies in the annex lies in WH2 too
        in_warehouses = sum(by_warehouse.get((path, sku), [Decimal(0)])[0] for path in outermost)
        assert added_up(None)[None, sku][0] == in_warehouses + quantity


def test_who_works_in_one_warehouse_is_told_of_that_one_alone() -> None:
    in_business(5, list(VERBS) * 2)
    user = create_user(username="otto", password=PASSWORD, roles=["Operator"])
    place = Location.objects.get(path="WH2")
    grant_scope(user=user, kind="warehouse", object_id=place.pk)
    own = added_up("warehouse", under="WH2")
    assert own.keys() != added_up("warehouse").keys()
    assert told(client(user), scope="warehouse") == own
    assert told(client(user), scope="network") == added_up(None, under="WH2")
    elsewhere = Location.objects.get(path="WH3")
    answer = client(user).get(SUMMARY, {"under": elsewhere.sqid})
    assert answer.status_code == 400
    assert answer.json()["field"] == "under"


@pytest.mark.parametrize(
    "query",
    [
        {"scope": "galaxy"},
        {"level": "shelf"},
        {"item": "BOX"},
        {"under": "WH"},
        {"cursor": "x"},
        {"page_size": "1001"},
        {"itme": "BOX"},
    ],
    ids=lambda query: next(iter(query)),
)
def test_a_question_that_means_nothing_is_refused_by_name(query: dict[str, str]) -> None:
    answer = boss().get(SUMMARY, query)
    assert answer.status_code == 400
    assert answer.json()["field"] == next(iter(query))


def test_a_cursor_of_one_summary_does_not_go_on_another() -> None:
    in_business(6, ())
    api = boss()
    following = api.get(SUMMARY, {"scope": "warehouse", "page_size": "1"}).json()["next"]
    answer = api.get(following.replace("scope=warehouse", "scope=network"))
    assert (answer.status_code, answer.json()["field"]) == (400, "cursor")
