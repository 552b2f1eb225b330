"""Losses, promises and shipments of the same goods at once."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from lodestock.inventory import errors, selectors, services
from lodestock.inventory.models import Balance, Reservation
from lodestock.inventory.tests import factories as f
from lodestock.inventory.tests.concurrency.hands import in_flight, meanwhile
from lodestock.inventory.tests.concurrency.test_races import all_at_once
from lodestock.inventory.types import MovementLine, Place, ReservationConsumption
from lodestock.inventory.verification import verify


def promise(variant: Any, quantity: int, order: str, *places: Any) -> Any:
    return services.reserve_stock(
        reference_type="sales_order",
        reference_id=order,
        line_key="1",
        variant_id=variant.pk,
        quantity=f.quantity(quantity),
        location_ids=[place.pk for place in places],
        partial=True,
    )


def lose(places: Any, goods: Any, number: int = 0) -> Any:
    """One of each of these goods is missing in each of these places."""
    lines = [
        MovementLine(
            *(variant.pk, f.quantity(1), Place(place.pk), Place(f.virtual("count"))),
            reason_code="COUNT",
        )
        for place in places
        for variant in goods
    ]
    return f.post("adjust", lines, reference=("count", str(number)))


def test_a_promise_that_is_being_made_is_waited_for_and_gives_way(committing_db: Any) -> None:
    variant, shelf = f.a_variant(), f.a_warehouse()
    f.receive(variant, shelf, 5)
    promise(variant, 1, "OLD", shelf)
    promising = in_flight(lambda: promise(variant, 4, "YOUNG", shelf))
    with promising as over, meanwhile(lambda: lose([shelf], [variant])) as losing:
        assert not losing.done(), "the loss did not wait for the promise"
        over.set()
        assert losing.result(timeout=20)
    held = dict(Reservation.objects.values_list("reference_id", "shortage"))
    assert held == {"OLD": 0, "YOUNG": 1}
    assert verify().ok


def test_a_promise_asked_for_meanwhile_gets_what_the_loss_has_left(committing_db: Any) -> None:
    variant, shelf = f.a_variant(), f.a_warehouse()
    f.receive(variant, shelf, 5)
    promise(variant, 5, "OLD", shelf)
    losing = in_flight(lambda: lose([shelf], [variant]))
    with losing as over, meanwhile(lambda: promise(variant, 2, "NEW", shelf)) as promising:
        over.set()
        assert promising.result(timeout=20).held == 0
    assert selectors.balance_at(variant.pk, shelf.pk).reserved == 4
    assert verify().ok


def test_the_same_loss_from_many_sides_takes_a_promise_once(committing_db: Any) -> None:
    variant, shelf = f.a_variant(), f.a_warehouse()
    f.receive(variant, shelf, 9)
    promise(variant, 9, "SO-1", shelf)
    receipts = all_at_once(lambda _: lose([shelf], [variant]), 12)
    assert [receipt.replayed for receipt in receipts].count(False) == 1
    assert Reservation.objects.get().shortage == 1
    assert selectors.balance_at(variant.pk, shelf.pk).on_hand == 8
    assert verify().ok


def test_losses_promises_and_shipments_at_random_add_up_and_never_deadlock(
    committing_db: Any,
) -> None:
    home = f.a_warehouse()
    places = [f.a_bin(home) for _ in range(3)]
    variants = [f.a_variant() for _ in range(2)]
    for variant in variants:
        for place in places:
            f.receive(variant, place, 60)

    def ship(number: int, dice: random.Random) -> str:
        """What is promised leaves; by then a loss may have taken it."""
        held = promise(dice.choice(variants), 6, f"SHIP-{number}", *places)
        if not held.lines:
            return "sold out"
        customer = Place(f.virtual("customer"))
        f.post(
            "ship",
            [MovementLine(x.variant_id, x.held, x.place, customer) for x in held.lines],
            reference=("ship", str(number)),
            consumes=[ReservationConsumption(x.line_id, x.held) for x in held.lines],
        )
        return "shipped"

    def work(number: int) -> str:
        dice = random.Random(number)
        try:
            if number % 3 == 0:
                lose(dice.sample(places, 2), dice.sample(variants, 2), number)
                return "lost"
            if number % 3 == 1:
                promise(dice.choice(variants), 9, f"SO-{number}", *dice.sample(places, 2))
                return "promised"
            return ship(number, dice)
        except (errors.ReservationRefused, errors.InsufficientStock) as error:
            return type(error).__name__

    told = Counter(all_at_once(work, 150, threads=8))
    refusals = {"ReservationRefused", "InsufficientStock"}
    assert set(told) <= {"lost", "promised", "shipped", "sold out", *refusals}, told
    assert told["lost"] > 20, told
    assert told["shipped"] > 10, told
    assert Reservation.objects.filter(reference_id__startswith="SO-", shortage__gt=0).exists()
    assert not [row for row in Balance.objects.all() if row.reserved > row.on_hand]
    report = verify()
    assert report.ok, report.differences
