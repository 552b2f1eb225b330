"""A place is closed while goods are on their way into it: one of the two waits, or gives way."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError

from lodestock.inventory import errors, selectors
from lodestock.inventory.models import Balance
from lodestock.inventory.tests import factories as f
from lodestock.inventory.tests.concurrency.hands import in_flight, meanwhile
from lodestock.inventory.tests.concurrency.test_races import all_at_once
from lodestock.inventory.types import MovementLine, Place
from lodestock.inventory.verification import verify
from lodestock.kernel.errors import Conflict, TransientError
from lodestock.locations import services as locations
from lodestock.locations.errors import HoldsStock
from lodestock.locations.models import Location

#: Ways of shutting a place for good or for now.
every_way = pytest.mark.parametrize("shut", ["close_location", "deactivate_location"])
#: The first goods of their kind make the row that counts them; later ones find it.
every_row = pytest.mark.parametrize("seen_before", [True, False], ids=["known row", "new row"])


@pytest.fixture
def variant(committing_db: Any) -> Any:
    return f.a_variant("BX-204")


@pytest.fixture
def shelf(committing_db: Any) -> Any:
    return f.a_bin(f.a_warehouse(), "SHELF")


def make_known(variant: Any, shelf: Any) -> None:
    """Goods lay there once, so a row counts them, at zero."""
    f.receive(variant, shelf, 5)
    f.ship(variant, shelf, 5)


def is_open(shelf: Any) -> bool:
    place = Location.objects.get(pk=shelf.pk)
    return place.active and place.status == "open"


@every_way
@every_row
def test_goods_on_their_way_in_keep_the_place_open(variant, shelf, shut, seen_before) -> None:
    if seen_before:
        make_known(variant, shelf)
    close = getattr(locations, shut)
    receiving = in_flight(lambda: f.receive(variant, shelf, 7))
    with receiving as over, meanwhile(lambda: close(location_id=shelf.pk)) as closing:
        over.set()
        refused = closing.exception(timeout=20)
    # A row that nobody can see yet is not waited for: its maker may need what we hold.
    assert isinstance(refused, HoldsStock if seen_before else TransientError)
    assert is_open(shelf)
    with pytest.raises(HoldsStock, match="SHELF"):
        close(location_id=shelf.pk)


@every_way
@every_row
def test_goods_that_come_while_the_place_is_being_closed_are_refused(
    variant, shelf, shut, seen_before
) -> None:
    if seen_before:
        make_known(variant, shelf)
    close = getattr(locations, shut)
    closing = in_flight(lambda: close(location_id=shelf.pk))
    with closing as over, meanwhile(lambda: f.receive(variant, shelf, 7)) as posting:
        assert not posting.done(), "the goods did not wait for the decision"
        over.set()
        refused = posting.exception(timeout=20)
    assert isinstance(refused, errors.PlaceRefused)
    assert not is_open(shelf)
    with pytest.raises(errors.PlaceRefused, match="SHELF is closed"):
        f.receive(variant, shelf, 7)
    assert selectors.balance_at(variant.pk, shelf.pk).on_hand == 0
    assert verify().ok


@every_row
def test_several_lines_are_refused_like_one(variant, shelf, seen_before) -> None:
    if seen_before:
        make_known(variant, shelf)
    other = f.a_variant()
    supplier = Place(f.virtual("supplier"))
    lines = [MovementLine(x.pk, f.quantity(3), supplier, Place(shelf.pk)) for x in (variant, other)]
    closing = in_flight(lambda: locations.close_location(location_id=shelf.pk))
    with closing as over, meanwhile(lambda: f.post("receive", lines)) as posting:
        over.set()
        refused = posting.exception(timeout=20)
    assert isinstance(refused, errors.PlaceRefused)
    assert not Balance.objects.exclude(on_hand=0).exists()


def test_a_closing_that_is_given_up_lets_the_goods_in(variant, shelf) -> None:
    make_known(variant, shelf)
    closing = in_flight(lambda: locations.close_location(location_id=shelf.pk), give_up=True)
    with closing as over, meanwhile(lambda: f.receive(variant, shelf, 7)) as posting:
        assert not posting.done(), "the goods did not wait for the decision"
        over.set()
        assert posting.result(timeout=20)
    assert selectors.balance_at(variant.pk, shelf.pk).on_hand == 7


def test_a_place_that_was_opened_again_takes_goods(variant, shelf) -> None:
    make_known(variant, shelf)
    locations.close_location(location_id=shelf.pk)
    locations.reopen_location(location_id=shelf.pk)
    f.receive(variant, shelf, 7)
    locations.move_location(location_id=shelf.pk, parent_id=f.a_warehouse().pk)
    f.ship(variant, shelf, 7)
    locations.deactivate_location(location_id=shelf.pk)
    locations.restore_location(location_id=shelf.pk)
    f.receive(variant, shelf, 7)
    assert verify().ok


def test_whoever_closes_behind_the_services_meets_the_same_rule(variant, shelf) -> None:
    f.receive(variant, shelf, 7)
    with pytest.raises(IntegrityError, match="goods lie"):
        Location.objects.filter(pk=shelf.pk).update(status="closed")
    assert is_open(shelf)


def test_closing_and_posting_at_random_never_shuts_goods_in_and_never_deadlocks(
    committing_db,
) -> None:
    home = f.a_warehouse()
    zone, outside = f.a_bin(home, "ZONE"), f.a_bin(home, "OUTSIDE")
    places = [f.a_bin(zone) for _ in range(3)]
    variants = [f.a_variant() for _ in range(3)]
    for variant in variants:
        f.receive(variant, outside, 1_000)

    def there_and_back(number: int, dice: random.Random) -> None:
        """Two lines in, or nothing; what came in goes out again."""
        place = Place(dice.choice(places).pk)
        lines = [
            MovementLine(variant.pk, f.quantity(1), Place(outside.pk), place)
            for variant in dice.sample(variants, 2)
        ]
        f.post("transfer", lines, reference=("in", str(number)))
        back = [replace(x, source=x.destination, destination=x.source) for x in lines]
        f.post("transfer", back, reference=("out", str(number)))

    def work(number: int) -> str:
        dice = random.Random(number)
        try:
            if number % 3:
                there_and_back(number, dice)
                return "moved"
            place = dice.choice([zone, *places]).pk
            locations.close_location(location_id=place)
            locations.reopen_location(location_id=place)
        except (errors.PlaceRefused, Conflict, TransientError) as error:
            return type(error).__name__
        return "closed"

    told = Counter(all_at_once(work, 180, threads=6))
    assert told["moved"] > 20, told
    assert told["closed"] > 5, told
    refusals = {"PlaceRefused", "HoldsStock", "Closed", "IllegalTransition", "TransientError"}
    assert set(told) <= {"moved", "closed", *refusals}, told
    shut = Location.objects.exclude(status="open").values("pk")
    assert not Balance.objects.filter(location__in=shut).exclude(on_hand=0).exists()
    assert verify().ok
