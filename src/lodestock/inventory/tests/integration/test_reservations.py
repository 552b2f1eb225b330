"""Promises: first expiring first, never more than there is, kept or given up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lodestock.eventstore.models import Event
from lodestock.inventory import errors, selectors, services
from lodestock.inventory.models import Balance, Reservation
from lodestock.inventory.tests import factories as f
from lodestock.inventory.types import (
    MovementLine,
    Place,
    ReservationConsumption,
    ReservationRequest,
)
from lodestock.inventory.verification import verify
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput

D = Decimal

pytestmark = pytest.mark.django_db


def reserve(variant, places, amount, *, reference="SO-1", key="1", **more):
    return services.reserve_stock(
        reference_type="sales_order",
        reference_id=reference,
        line_key=key,
        variant_id=variant.pk,
        quantity=D(str(amount)),
        location_ids=[place.pk for place in places],
        **more,
    )


def request(variant, places, amount, key, **more):
    ids = tuple(place.pk for place in places)
    return ReservationRequest("sales_order", "bulk", key, variant.pk, D(amount), ids, **more)


def balance(variant, place, lot_id=0):
    return selectors.balance_at(variant.pk, place.pk, lot_id=lot_id)


def ship_reserved(line, amount, step=""):
    movement = MovementLine(
        line.variant_id, D(amount), line.place, Place(f.virtual("customer")), line.lot_id
    )
    return f.post(
        "ship",
        [movement],
        consumes=[ReservationConsumption(line.line_id, D(amount))],
        step=step,
    )


def events_of(reservation_id):
    rows = Event.objects.filter(aggregate_type="Reservation", aggregate_id=reservation_id)
    return list(rows.order_by("seq").values_list("event_type", flat=True))


def test_reserving_98_of_100_leaves_on_hand_100_and_available_2():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 100)
    held = reserve(variant, [dock], 98)
    kept = balance(variant, dock)
    assert (kept.on_hand, kept.reserved, kept.available) == (100, 98, 2)
    assert (held.held, held.shortage) == (98, 0)
    assert events_of(held.reservation_id) == ["InventoryReserved"]


def test_more_than_there_is_is_refused_with_figures_and_nothing_is_held():
    variant, dock = f.a_variant("AX-1"), f.a_warehouse()
    f.receive(variant, dock, 5)
    reserve(variant, [dock], 2, reference="SO-0")
    with pytest.raises(errors.InsufficientStock) as refusal, transaction():
        reserve(variant, [dock], 4)
    assert "4 of AX-1 asked to be reserved, 3 available (5 on hand, 2 reserved)" in str(
        refusal.value
    )
    assert balance(variant, dock).reserved == 2
    assert not Reservation.objects.filter(reference_id="SO-1").exists()


def test_partial_holds_what_there_is_and_says_what_is_short():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 5)
    held = reserve(variant, [dock], 8, partial=True)
    assert (held.held, held.shortage) == (5, 3)


def test_asking_again_never_holds_twice_and_fills_up_a_shortage():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 5)
    first = reserve(variant, [dock], 8, partial=True)
    again = reserve(variant, [dock], 8, partial=True)
    assert again.reservation_id == first.reservation_id
    assert (again.held, again.shortage) == (5, 3)
    f.receive(variant, dock, 10)
    filled = reserve(variant, [dock], 8, partial=True)
    assert (filled.held, filled.shortage) == (8, 0)
    assert balance(variant, dock).reserved == 8


@pytest.mark.parametrize("partial", [True, False])
def test_a_line_of_a_document_is_promised_one_article(partial):
    one, other, dock = f.a_variant(), f.a_variant(), f.a_warehouse()
    for variant in (one, other):
        f.receive(variant, dock, 5)
    reserve(one, [dock], 2)
    with pytest.raises(errors.AlreadyReserved, match="another article"), transaction():
        reserve(other, [dock], 2, partial=partial)
    assert verify().ok


def test_what_was_consumed_counts_as_served():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    held = reserve(variant, [dock], 8)
    ship_reserved(held.lines[0], 6)
    assert reserve(variant, [dock], 8).held == 2
    assert balance(variant, dock).reserved == 2


def test_the_lot_that_expires_first_is_promised_first():
    variant, dock = f.a_variant(tracking="lot"), f.a_warehouse()
    today = datetime.now(UTC).date()
    late, early, gone = (
        services.create_lot(variant_id=variant.pk, code=code, expires_on=today + timedelta(days=n))
        for code, n in (("LATE", 90), ("EARLY", 10), ("GONE", -1))
    )
    for lot in (late, early, gone):
        f.receive(variant, dock, 5, lot_id=lot.pk)
    held = reserve(variant, [dock], 7)
    assert [(line.lot_id, line.held) for line in held.lines] == [(early.pk, 5), (late.pk, 2)]
    with pytest.raises(errors.InsufficientStock), transaction():
        reserve(variant, [dock], 4, key="2")


def test_a_lot_whose_expiry_is_corrected_moves_in_the_queue():
    variant, dock = f.a_variant(tracking="lot"), f.a_warehouse()
    one = services.create_lot(variant_id=variant.pk, code="1", expires_on=date(2090, 1, 1))
    two = services.create_lot(variant_id=variant.pk, code="2", expires_on=date(2091, 1, 1))
    for lot in (one, two):
        f.receive(variant, dock, 5, lot_id=lot.pk)
    services.change_lot(one, expires_on=date(2095, 1, 1))
    assert reserve(variant, [dock], 1).lines[0].lot_id == two.pk


def test_a_held_lot_is_not_promised_until_it_is_released():
    variant, dock = f.a_variant(tracking="lot"), f.a_warehouse()
    lot = services.create_lot(variant_id=variant.pk, code="L")
    f.receive(variant, dock, 5, lot_id=lot.pk)
    services.hold_lot(lot, reason="complaint")
    with pytest.raises(errors.InsufficientStock), transaction():
        reserve(variant, [dock], 1)
    services.release_lot(lot)
    assert reserve(variant, [dock], 1).held == 1
    rows = Event.objects.filter(aggregate_type="Lot", aggregate_id=lot.pk).order_by("seq")
    assert list(rows.values_list("event_type", flat=True)) == ["LotHeld", "LotReleased"]


def test_one_lot_can_be_asked_for():
    variant, dock = f.a_variant(tracking="lot"), f.a_warehouse()
    lots = [services.create_lot(variant_id=variant.pk, code=str(n)) for n in range(3)]
    for lot in lots:
        f.receive(variant, dock, 5, lot_id=lot.pk)
    held = reserve(variant, [dock], 4, lot_id=lots[2].pk)
    assert [line.lot_id for line in held.lines] == [lots[2].pk]


def test_quarantined_stock_is_never_available():
    variant, dock = f.a_variant(), f.a_warehouse()
    supplier = Place(f.virtual("supplier"))
    f.post("receive", [MovementLine(variant.pk, D(5), supplier, Place(dock.pk, 0, "quarantine"))])
    with pytest.raises(errors.InsufficientStock), transaction():
        reserve(variant, [dock], 1)


def test_only_the_places_asked_for_are_looked_at():
    variant, home = f.a_variant(), f.a_warehouse()
    here, there = f.a_bin(home), f.a_bin(home)
    f.receive(variant, here, 5)
    f.receive(variant, there, 5)
    held = reserve(variant, [there], 5)
    assert [line.location_id for line in held.lines] == [there.pk]


def test_many_requests_are_served_in_order_and_report_each():
    variant, other, dock = f.a_variant(), f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    f.receive(other, dock, 1)
    results = services.reserve_many(
        [
            request(variant, [dock], 6, "1"),
            request(variant, [dock], 6, "2"),
            request(variant, [dock], 3, "3"),
            request(variant, [dock], 3, "4", partial=True),
            request(other, [dock], 1, "5"),
        ]
    )
    assert [(r.held, r.shortage) for r in results] == [(6, 0), (0, 6), (3, 0), (1, 2), (1, 0)]
    assert balance(variant, dock).reserved == 10
    rejected = Reservation.objects.get(pk=results[1].reservation_id)
    assert rejected.status == "rejected"
    assert events_of(rejected.pk) == ["ReservationRejected"]
    assert verify().ok


def test_requests_over_several_places_and_scopes_share_what_there_is():
    variant, home = f.a_variant(), f.a_warehouse()
    places = [f.a_bin(home) for _ in range(3)]
    for place in places:
        f.receive(variant, place, 4)
    results = services.reserve_many(
        [
            request(variant, places[:2], 6, "1"),
            request(variant, places[1:], 5, "2"),
            request(variant, places, 2, "3", partial=True),
        ]
    )
    assert [r.held for r in results] == [6, 5, 1]
    assert sum(b.reserved for b in Balance.objects.filter(variant=variant)) == 12


def test_shipping_consumes_the_promise_in_the_same_posting():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    held = reserve(variant, [dock], 10)
    ship_reserved(held.lines[0], 4, "a")
    kept = balance(variant, dock)
    assert (kept.on_hand, kept.reserved) == (6, 6)
    ship_reserved(held.lines[0], 6, "b")
    reservation = Reservation.objects.get(pk=held.reservation_id)
    assert reservation.status == "consumed"
    assert events_of(reservation.pk) == [
        "InventoryReserved",
        "ReservationConsumed",
        "ReservationConsumed",
    ]


def test_a_promise_cannot_be_consumed_twice():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    held = reserve(variant, [dock], 4)
    ship_reserved(held.lines[0], 4, "a")
    with pytest.raises(errors.ReservationRefused, match="4 to be taken from a reservation"):
        ship_reserved(held.lines[0], 4, "b")


def test_a_promise_travels_with_the_goods():
    variant, home = f.a_variant(), f.a_warehouse()
    shelf, table = f.a_bin(home), f.a_bin(home)
    f.receive(variant, shelf, 10)
    held = reserve(variant, [shelf], 4)
    line = held.lines[0]
    f.post(
        "pick",
        [MovementLine(variant.pk, D(4), line.place, Place(table.pk))],
        consumes=[ReservationConsumption(line.line_id, D(4), carry_to=Place(table.pk))],
    )
    assert (balance(variant, shelf).reserved, balance(variant, table).reserved) == (0, 4)
    [now] = selectors.reservations_of("sales_order", ["SO-1"])
    assert [(n.location_id, n.held) for n in now.lines] == [(table.pk, 4)]
    assert verify().ok


def test_releasing_gives_back_all_or_a_part_and_says_why():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    held = reserve(variant, [dock], 8)
    assert services.release_reservation(held.reservation_id, quantity=D(3), cause="cut") == 3
    assert balance(variant, dock).reserved == 5
    assert services.release_reservation(held.reservation_id, cause="cancelled") == 5
    assert services.release_reservation(held.reservation_id) == 0
    assert balance(variant, dock).reserved == 0
    assert Reservation.objects.get(pk=held.reservation_id).status == "released"
    causes = Event.objects.filter(event_type="ReservationReleased").order_by("id")
    assert [event.payload["cause"] for event in causes] == ["cut", "cancelled"]


def test_many_promises_are_given_up_by_whom_they_were_for():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    for number in (1, 2):
        reserve(variant, [dock], 2, reference="SO-9", key=str(number))
    reserve(variant, [dock], 2, reference="SO-10")
    freed = services.release_many(references=[("sales_order", "SO-9")], cause="cancelled")
    assert sorted(freed.values()) == [2, 2]
    assert balance(variant, dock).reserved == 2


def test_promises_whose_time_has_run_out_are_given_up():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    soon = datetime.now(UTC) + timedelta(hours=1)
    held = reserve(variant, [dock], 4, expires_at=soon)
    reserve(variant, [dock], 4, reference="SO-2")
    assert services.expire_reservations() == 0
    assert services.expire_reservations(moment=soon) == 1
    assert Reservation.objects.get(pk=held.reservation_id).status == "expired"
    assert balance(variant, dock).reserved == 4


@pytest.mark.parametrize(
    "fields", [{"location_ids": []}, {"quantity": D(0)}, {"quantity": D("NaN")}]
)
def test_a_promise_without_place_or_quantity_is_refused(fields):
    variant, dock = f.a_variant(), f.a_warehouse()
    call = {
        "reference_type": "t",
        "reference_id": "1",
        "line_key": "1",
        "variant_id": variant.pk,
        "quantity": D(1),
        "location_ids": [dock.pk],
    }
    with pytest.raises(InvalidInput):
        services.reserve_stock(**call | fields)


def test_the_same_line_twice_in_one_call_is_refused():
    variant, dock = f.a_variant(), f.a_warehouse()
    with pytest.raises(InvalidInput, match="twice"):
        services.reserve_many([request(variant, [dock], 1, "1")] * 2)
