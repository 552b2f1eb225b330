"""Posting: what it writes, what it refuses, and that it is answered once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lodestock.eventstore.models import Event
from lodestock.inventory import errors, selectors, services
from lodestock.inventory.models import Balance, Movement, Posting
from lodestock.inventory.tests import factories as f
from lodestock.inventory.types import MovementLine, Place, PostingRequest
from lodestock.inventory.verification import verify
from lodestock.kernel.context import acting
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput
from lodestock.locations import services as locations

D = Decimal

pytestmark = pytest.mark.django_db


def on_hand(variant, place, **key):
    return selectors.balance_at(variant.pk, place.pk, **key).on_hand


def test_receive_100_ship_25_leaves_75():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 100)
    f.ship(variant, dock, 25)
    assert on_hand(variant, dock) == 75


def test_a_posting_writes_header_line_event_and_balance_together():
    variant, dock = f.a_variant(), f.a_warehouse()
    with acting(actor_id=7, reason="delivery"):
        receipt = f.receive(variant, dock, "12.5", reference=("purchase_order", "PO-1"))
    posting = Posting.objects.get(pk=receipt.posting_id)
    movement = Movement.objects.get(pk=receipt.movement_ids[0])
    event = Event.objects.get(aggregate_type="Posting", aggregate_id=posting.pk)
    assert (posting.kind, posting.reference_id, posting.actor_id) == ("receive", "PO-1", 7)
    assert posting.reason == "delivery"
    assert (movement.quantity, movement.destination_id) == (D("12.5"), dock.pk)
    assert movement.recorded_at == posting.recorded_at == receipt.recorded_at
    assert (event.event_type, event.seq) == ("StockMoved", 1)
    assert event.payload["lines"][0]["quantity"] == "12.500000"
    assert event.payload["digest"] == bytes(posting.digest).hex()


def test_a_transfer_moves_between_two_places():
    variant, home = f.a_variant(), f.a_warehouse()
    here, there = f.a_bin(home), f.a_bin(home)
    f.receive(variant, here, 10)
    f.move(variant, here, there, 4)
    f.move(variant, there, here, 1)
    assert (on_hand(variant, here), on_hand(variant, there)) == (7, 3)


def test_ten_thousand_tenths_are_exactly_a_thousand():
    variant, dock = f.a_variant(), f.a_warehouse()
    line = MovementLine(variant.pk, D("0.1"), Place(f.virtual("supplier")), Place(dock.pk))
    f.post("receive", [line] * 10_000)
    assert on_hand(variant, dock) == 1000


def test_stock_status_is_changed_by_moving_in_place():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    line = MovementLine(variant.pk, D(3), Place(dock.pk), Place(dock.pk, status="quarantine"))
    f.post("transfer", [line])
    assert on_hand(variant, dock) == 7
    assert on_hand(variant, dock, status="quarantine") == 3


def test_the_owner_of_goods_can_change_without_them_moving():
    variant, dock = f.a_variant(), f.a_warehouse()
    owner = f.an_owner()
    f.receive(variant, dock, 5)
    line = MovementLine(variant.pk, D(2), Place(dock.pk), Place(dock.pk, owner_id=owner.pk))
    f.post("transfer", [line])
    assert on_hand(variant, dock, owner_id=owner.pk) == 2


def test_the_same_posting_twice_is_answered_with_the_first_receipt():
    variant, dock = f.a_variant(), f.a_warehouse()
    first = f.receive(variant, dock, 10, reference=("purchase_order", "PO-2"))
    again = f.receive(variant, dock, 10, reference=("purchase_order", "PO-2"))
    assert again.replayed
    assert not first.replayed
    assert (again.posting_id, again.movement_ids) == (first.posting_id, first.movement_ids)
    assert again.recorded_at == first.recorded_at
    assert on_hand(variant, dock) == 10


def test_a_replay_of_many_lines_answers_the_same_movements():
    variant, dock = f.a_variant(), f.a_warehouse()
    lines = [
        MovementLine(variant.pk, D(n), Place(f.virtual("supplier")), Place(dock.pk))
        for n in (1, 2, 3)
    ]
    first = f.post("receive", lines, reference=("po", "many"))
    again = f.post("receive", lines, reference=("po", "many"))
    assert again.replayed
    assert again.movement_ids == first.movement_ids
    assert on_hand(variant, dock) == 6


def test_the_same_reference_with_other_lines_is_refused():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10, reference=("purchase_order", "PO-3"))
    with pytest.raises(errors.AlreadyPosted, match="PO-3 was posted before with other lines"):
        f.receive(variant, dock, 11, reference=("purchase_order", "PO-3"))


def test_steps_of_one_document_are_postings_of_their_own():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10, reference=("po", "4"), step="receipt-1")
    f.receive(variant, dock, 10, reference=("po", "4"), step="receipt-2")
    assert on_hand(variant, dock) == 20


def test_shipping_more_than_there_is_says_what_is_missing():
    variant, dock = f.a_variant("BX-204"), f.a_warehouse("DOCK-1")
    f.receive(variant, dock, 9)
    with pytest.raises(errors.InsufficientStock) as refusal:
        f.ship(variant, dock, 12)
    assert refusal.value.detail == "12 of BX-204 asked at DOCK-1, 9 on hand."
    assert refusal.value.params["asked"] == "12.000000"
    assert refusal.value.status == 409


def test_stock_promised_to_somebody_is_not_shipped_to_another():
    variant, dock = f.a_variant("BX-205"), f.a_warehouse("DOCK-2")
    f.receive(variant, dock, 9)
    services.reserve_stock(
        reference_type="sales_order",
        reference_id="SO-118",
        line_key="1",
        variant_id=variant.pk,
        quantity=D(3),
        location_ids=[dock.pk],
    )
    with pytest.raises(errors.InsufficientStock) as refusal, transaction():
        f.ship(variant, dock, 7)
    assert refusal.value.detail == (
        "7 of BX-205 asked at DOCK-2, 9 on hand; 3 of them reserved for sales_order SO-118."
    )
    f.ship(variant, dock, 6)


def test_nothing_is_written_when_one_of_many_lines_is_short():
    here = f.a_warehouse()
    good, short = f.a_variant(), f.a_variant()
    f.receive(good, here, 10)
    lines = [
        MovementLine(v.pk, D(5), Place(here.pk), Place(f.virtual("customer")))
        for v in (good, short)
    ]
    before = Movement.objects.count()
    with pytest.raises(errors.InsufficientStock), transaction():
        f.post("ship", lines)
    assert Movement.objects.count() == before
    assert on_hand(good, here) == 10


@pytest.mark.parametrize("count", [1, 3])
def test_an_adjustment_needs_a_reason_code(count):
    variant, dock = f.a_variant(), f.a_warehouse()
    line = MovementLine(variant.pk, D(1), Place(f.virtual("adjust")), Place(dock.pk))
    with pytest.raises(errors.ReasonRequired):
        f.post("adjust", [line] * count)


@pytest.mark.parametrize(
    "amount",
    [
        "-1",
        "0",
        "NaN",
        "Infinity",
        "-Infinity",
        "1E30",
        "100000000000000",
        "0.0000001",
        "1.1234567",
    ],
)
def test_quantities_the_ledger_cannot_hold_are_refused(amount):
    variant, dock = f.a_variant(), f.a_warehouse()
    with pytest.raises(InvalidInput) as refusal:
        f.receive(variant, dock, D(amount))
    assert refusal.value.field == "quantity"


@pytest.mark.parametrize("amount", [0.5, True, None, "ten", object()])
def test_quantities_that_are_no_decimals_are_refused(amount):
    variant, dock = f.a_variant(), f.a_warehouse()
    line = MovementLine(variant.pk, amount, Place(f.virtual("supplier")), Place(dock.pk))
    with pytest.raises(InvalidInput):
        f.post("receive", [line])


def test_a_sum_beyond_the_column_is_refused_in_plain_words():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, "99999999999999")
    with pytest.raises(InvalidInput, match="more digits than the ledger holds"):
        f.receive(variant, dock, "99999999999999")


@pytest.mark.parametrize("count", [1, 2])
def test_a_closed_place_takes_nothing_in_and_gives_nothing_out(count):
    site = f.a_site("NEGATIVE")
    site.allow_negative_stock = True
    site.save()
    variant, place = f.a_variant(), f.a_bin(f.a_warehouse(site=site))
    f.receive(variant, place, 10)
    f.ship(variant, place, 10)
    locations.close_location(location_id=place.pk)
    supplier, customer = Place(f.virtual("supplier")), Place(f.virtual("customer"))
    for sides in ((supplier, Place(place.pk)), (Place(place.pk), customer)):
        for goods in (variant, f.a_variant()):
            with pytest.raises(errors.PlaceRefused, match="closed"), transaction():
                f.post("transfer", [MovementLine(goods.pk, D(1), *sides)] * count)


@pytest.mark.parametrize("count", [1, 2])
def test_a_place_that_only_gives_structure_now_takes_nothing_in_but_can_be_emptied(count):
    variant, home = f.a_variant(), f.a_warehouse()
    place, other = f.a_bin(home), f.a_bin(home)
    f.receive(variant, place, 10)
    locations.change_location(location_id=place.pk, holds_stock=False)
    line = MovementLine(variant.pk, D(1), Place(f.virtual("supplier")), Place(place.pk))
    with pytest.raises(errors.PlaceRefused, match="only structure"), transaction():
        f.post("receive", [line] * count)
    f.move(variant, place, other, 10)
    assert on_hand(variant, place) == 0


@pytest.mark.parametrize("count", [1, 2])
def test_a_movement_between_two_virtual_places_is_refused(count):
    variant = f.a_variant()
    line = MovementLine(
        variant.pk, D(1), Place(f.virtual("supplier")), Place(f.virtual("customer"))
    )
    with pytest.raises(errors.PlaceRefused, match="virtual"):
        f.post("ship", [line] * count)


def test_direct_shipments_go_through_transit_and_leave_it_empty():
    variant = f.a_variant()
    transit = f.virtual("transit")
    lines = [
        MovementLine(variant.pk, D(5), Place(f.virtual("supplier")), Place(transit)),
        MovementLine(variant.pk, D(5), Place(transit), Place(f.virtual("customer"))),
    ]
    f.post("ship", lines)
    assert Balance.objects.get(variant=variant).on_hand == 0


@pytest.mark.parametrize("count", [1, 2])
def test_the_two_sides_of_a_line_must_differ(count):
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 5)
    line = MovementLine(variant.pk, D(1), Place(dock.pk), Place(dock.pk))
    with pytest.raises(errors.PlaceRefused, match="must differ"):
        f.post("transfer", [line] * count)


@pytest.mark.parametrize("count", [1, 2])
def test_unknown_places_variants_lots_and_owners_are_named(count):
    variant, dock = f.a_variant(), f.a_warehouse()
    supplier, nowhere = Place(f.virtual("supplier")), 10**12

    def refused(line, match):
        with pytest.raises(InvalidInput, match=match), transaction():
            f.post("receive", [line] * count)

    refused(MovementLine(variant.pk, D(1), supplier, Place(nowhere)), "no location")
    refused(MovementLine(nowhere, D(1), supplier, Place(dock.pk)), "no variant")
    refused(MovementLine(variant.pk, D(1), supplier, Place(dock.pk), nowhere), "no such lot")
    refused(
        MovementLine(variant.pk, D(1), supplier, Place(dock.pk, owner_id=nowhere)), "no such owner"
    )


@pytest.mark.parametrize("count", [1, 2])
def test_goods_tracked_by_lot_never_move_without_one(count):
    variant, dock = f.a_variant(tracking="lot"), f.a_warehouse()
    line = MovementLine(variant.pk, D(1), Place(f.virtual("supplier")), Place(dock.pk))
    with pytest.raises(errors.LotRequired):
        f.post("receive", [line] * count)


def test_a_lot_belongs_to_its_variant():
    one, other = f.a_variant(tracking="lot"), f.a_variant(tracking="lot")
    lot = services.create_lot(variant_id=one.pk, code="L-1")
    dock = f.a_warehouse()
    with pytest.raises(InvalidInput, match="no such lot"), transaction():
        f.receive(other, dock, 1, lot_id=lot.pk)
    f.receive(one, dock, 1, lot_id=lot.pk)
    assert on_hand(one, dock, lot_id=lot.pk) == 1


def test_many_postings_in_one_call_stand_or_fall_together():
    variant, dock = f.a_variant(), f.a_warehouse()
    supplier, customer = Place(f.virtual("supplier")), Place(f.virtual("customer"))

    def request(kind, key, source, destination, amount):
        line = MovementLine(variant.pk, D(amount), source, destination)
        return PostingRequest(kind, "batch", key, [line])

    ok = [
        request("receive", "r", supplier, Place(dock.pk), 10),
        request("ship", "s", Place(dock.pk), customer, 4),
    ]
    receipts = services.post_many(ok)
    assert [receipt.replayed for receipt in receipts] == [False, False]
    assert on_hand(variant, dock) == 6
    with pytest.raises(errors.InsufficientStock), transaction():
        services.post_many([*ok, request("ship", "t", Place(dock.pk), customer, 7)])
    mixed = services.post_many([*ok, request("ship", "u", Place(dock.pk), customer, 6)])
    assert [receipt.replayed for receipt in mixed] == [True, True, False]
    assert on_hand(variant, dock) == 0
    assert verify().ok


def test_the_same_reference_twice_in_one_call_is_booked_once():
    variant, dock = f.a_variant(), f.a_warehouse()
    line = MovementLine(variant.pk, D(2), Place(f.virtual("supplier")), Place(dock.pk))
    twice = [PostingRequest("receive", "dup", "1", [line])] * 2
    receipts = services.post_many(twice)
    assert [receipt.replayed for receipt in receipts] == [False, True]
    assert on_hand(variant, dock) == 2


def test_what_has_not_happened_yet_cannot_be_posted():
    variant, dock = f.a_variant(), f.a_warehouse()
    with pytest.raises(errors.FutureDated):
        f.receive(variant, dock, 1, occurred_at=datetime.now(UTC) + timedelta(minutes=1))


def test_an_instant_without_time_zone_is_refused():
    variant, dock = f.a_variant(), f.a_warehouse()
    with pytest.raises(InvalidInput, match="time zone"):
        f.receive(variant, dock, 1, occurred_at=datetime(2024, 1, 1))


def test_texts_with_quotes_and_backslashes_arrive_as_they_are():
    variant, dock = f.a_variant(), f.a_warehouse()
    nasty = "a\"b\\c'd{e},(f)\n; DROP TABLE x --"
    receipt = f.receive(variant, dock, 1, reference=("t", nasty), reason=nasty, step=nasty)
    posting = Posting.objects.get(pk=receipt.posting_id)
    assert (posting.reference_id, posting.reason, posting.step) == (nasty, nasty, nasty)
    with pytest.raises(InvalidInput, match="NUL"):
        f.receive(variant, dock, 1, reference=("t", "a\x00b"))


def test_unit_cost_is_a_fact_with_its_currency():
    variant, dock = f.a_variant(), f.a_warehouse()
    sides = Place(f.virtual("supplier")), Place(dock.pk)
    receipt = f.post(
        "receive", [MovementLine(variant.pk, D(1), *sides, unit_cost=D("2.5"), currency="EUR")]
    )
    movement = Movement.objects.get(pk=receipt.movement_ids[0])
    assert (movement.unit_cost, movement.currency) == (D("2.5"), "EUR")
    with pytest.raises(InvalidInput, match="currency"):
        f.post("receive", [MovementLine(variant.pk, D(1), *sides, unit_cost=D(1))])


@pytest.mark.parametrize("fields", [{"kind": "teleport"}, {"reference_id": ""}, {"lines": []}])
def test_a_posting_without_kind_reference_or_lines_is_refused(fields):
    variant, dock = f.a_variant(), f.a_warehouse()
    line = MovementLine(variant.pk, D(1), Place(f.virtual("supplier")), Place(dock.pk))
    call = {"kind": "receive", "reference_type": "t", "reference_id": "1", "lines": [line]}
    with pytest.raises(InvalidInput):
        services.post_movements(**call | fields)


def test_an_unknown_stock_status_is_refused():
    variant, dock = f.a_variant(), f.a_warehouse()
    line = MovementLine(
        variant.pk, D(1), Place(f.virtual("supplier")), Place(dock.pk, status="lost")
    )
    with pytest.raises(InvalidInput, match="'lost'"):
        f.post("receive", [line])


def test_a_deactivated_warehouse_takes_nothing():
    variant, dock = f.a_variant(), f.a_warehouse()
    locations.deactivate_location(location_id=dock.pk)
    with pytest.raises(errors.PlaceRefused):
        f.receive(variant, dock, 1)
