"""Who counts books the truth: promises give way to a loss, move elsewhere, or fall short."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lodestock.attention.models import ExceptionCase
from lodestock.eventstore.models import Event
from lodestock.inventory import errors, selectors, services
from lodestock.inventory.models import Lot, Reservation
from lodestock.inventory.tests import factories as f
from lodestock.inventory.types import MovementLine, Place, PostingRequest, ReservationConsumption
from lodestock.inventory.verification import verify
from lodestock.kernel import clock
from lodestock.kernel.db import transaction

D = Decimal
CASE = "promised_stock_lost"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _checked_against_their_schemas(settings: Any) -> None:
    settings.EVENT_SCHEMAS_CHECKED = True


@pytest.fixture
def home() -> Any:
    return f.a_warehouse("HOME")


@pytest.fixture
def shelf(home: Any) -> Any:
    return f.a_bin(home, "SHELF")


@pytest.fixture
def box() -> Any:
    return f.a_variant("BX-204")


def promise(variant: Any, quantity: int, *places: Any, order: str, **more: Any) -> Any:
    return services.reserve_stock(
        reference_type="sales_order",
        reference_id=order,
        line_key="1",
        variant_id=variant.pk,
        quantity=D(quantity),
        location_ids=[place.pk for place in places],
        **more,
    )


def lost(variant: Any, place: Any, quantity: object, *, lot_id: int = 0) -> MovementLine:
    sides = Place(place.pk), Place(f.virtual("count"))
    return MovementLine(variant.pk, f.quantity(quantity), *sides, lot_id, reason_code="COUNT")


def lose(variant: Any, place: Any, quantity: object, **more: Any) -> Any:
    kind = more.pop("kind", "adjust")
    reference = more.pop("reference", None)
    return f.post(kind, [lost(variant, place, quantity, **more)], reference=reference)


def held(order: str) -> dict[str, Decimal]:
    """What an order holds, by place and lot; and what it is short of."""
    (found,) = selectors.reservations_of("sales_order", [order])
    rows = Reservation.objects.get(pk=found.id).lines.filter(held__gt=0)
    codes = dict(Lot.objects.values_list("pk", "code"))
    there = {f"{x.location.code}/{codes.get(x.lot_id, '')}".rstrip("/"): x.held for x in rows}
    return there | ({"short": found.shortage} if found.shortage else {})


def balance(variant: Any, place: Any, **key: Any) -> tuple[Decimal, Decimal]:
    row = selectors.balance_at(variant.pk, place.pk, **key)
    return row.on_hand, row.reserved


def test_a_loss_of_promised_goods_is_booked_and_the_youngest_promise_falls_short(
    box, shelf
) -> None:
    f.receive(box, shelf, 10)
    promise(box, 4, shelf, order="OLD")
    promise(box, 5, shelf, order="YOUNG")
    lose(box, shelf, 3)
    assert balance(box, shelf) == (7, 7)
    assert held("OLD") == {"SHELF": 4}
    assert held("YOUNG") == {"SHELF": 3, "short": 2}
    case = ExceptionCase.objects.get(rule=CASE)
    assert (case.subject_type, case.severity, case.type) == (
        "inventory.reservation",
        "high",
        "stock",
    )
    assert case.title == "2 of BX-204 promised to sales_order YOUNG are gone"
    assert case.evidence["short"] == "2.000000"
    assert verify().ok


def test_what_becomes_of_the_promise_is_told(box, shelf) -> None:
    f.receive(box, shelf, 5)
    held_now = promise(box, 5, shelf, order="SO-1")
    lose(box, shelf, 2)
    events = Event.objects.filter(
        aggregate_type="Reservation", aggregate_id=held_now.reservation_id
    ).order_by("seq")
    told = [(e.event_type, e.payload["quantity"], e.payload.get("cause")) for e in events]
    assert told == [
        ("InventoryReserved", "5.000000", None),
        ("ReservationReleased", "2.000000", "loss"),
        ("ReservationRejected", "0.000000", None),
    ]
    assert events.last().payload["shortage"] == "2.000000"


def test_promises_move_to_other_goods_within_their_reach_first_expiring_first(home) -> None:
    pill = f.a_variant("PILL", tracking="lot")
    here, there, outside = f.a_bin(home, "HERE"), f.a_bin(home, "THERE"), f.a_warehouse("FAR")
    lots = {
        code: services.create_lot(variant_id=pill.pk, code=code, expires_on=day)
        for code, day in (
            *(("L1", "2031-01-01"), ("L2", "2032-01-01"), ("L3", "2033-01-01")),
            *(("BLOCKED", "2031-06-01"), ("STALE", "2031-02-01")),
        )
    }
    for code, place in (
        *(("L1", here), ("L3", here), ("L2", there), ("L2", outside)),
        *(("BLOCKED", there), ("STALE", there)),
    ):
        f.receive(pill, place, 4, lot_id=lots[code].pk)
    promise(pill, 4, here, there, order="SO-1")
    services.hold_lot(lots["BLOCKED"], reason="smells")
    services.change_lot(lots["STALE"], expires_on=clock.today("UTC").replace(year=2020))
    lose(pill, here, 4, lot_id=lots["L1"].pk)
    assert held("SO-1") == {"THERE/L2": 4}
    assert not ExceptionCase.objects.filter(rule=CASE).exists()
    assert verify().ok


def test_who_asked_for_a_lot_gets_that_lot_or_nothing(home) -> None:
    pill = f.a_variant("PILL", tracking="lot")
    here, there = f.a_bin(home, "HERE"), f.a_bin(home, "THERE")
    first, other = (services.create_lot(variant_id=pill.pk, code=code) for code in ("L1", "L2"))
    f.receive(pill, here, 5, lot_id=first.pk)
    f.receive(pill, there, 2, lot_id=first.pk)
    f.receive(pill, here, 9, lot_id=other.pk)
    promise(pill, 5, here, there, order="SO-1", lot_id=first.pk)
    lose(pill, here, 4, lot_id=first.pk)
    assert held("SO-1") == {"HERE/L1": 1, "THERE/L1": 2, "short": 2}


def test_what_is_free_elsewhere_goes_to_the_oldest_of_those_who_lost(home, box) -> None:
    here, there = f.a_bin(home, "HERE"), f.a_bin(home, "THERE")
    f.receive(box, here, 10)
    for order, quantity in (("A", 4), ("B", 3), ("C", 3)):
        promise(box, quantity, here, there, order=order)
    f.receive(box, there, 4)
    lose(box, here, 8)
    assert held("A") == {"HERE": 2, "THERE": 2}
    assert held("B") == {"THERE": 2, "short": 1}
    assert held("C") == {"short": 3}
    statuses = dict(Reservation.objects.values_list("reference_id", "status"))
    assert statuses == {"A": "held", "B": "held", "C": "rejected"}
    assert ExceptionCase.objects.filter(rule=CASE).count() == 2
    assert verify().ok


def test_free_goods_are_lost_before_promised_ones(box, shelf) -> None:
    f.receive(box, shelf, 10)
    promise(box, 4, shelf, order="SO-1")
    lose(box, shelf, 6)
    assert (balance(box, shelf), held("SO-1")) == ((4, 4), {"SHELF": 4})
    assert not Event.objects.filter(event_type="ReservationReleased").exists()


def test_more_cannot_be_lost_than_there_was_and_then_no_promise_moves(box, shelf) -> None:
    f.receive(box, shelf, 5)
    promise(box, 5, shelf, order="SO-1")
    with pytest.raises(errors.InsufficientStock, match="5 on hand"), transaction():
        lose(box, shelf, 6)
    assert (balance(box, shelf), held("SO-1")) == ((5, 5), {"SHELF": 5})
    assert not ExceptionCase.objects.exists()


def test_goods_that_were_damaged_are_a_loss_too_and_whatever_else_takes_them_is_refused(
    box, shelf, home
) -> None:
    f.receive(box, shelf, 5)
    promise(box, 5, shelf, order="SO-1")
    refused = {
        "ship": Place(f.virtual("customer")),
        "transfer": Place(f.a_bin(home).pk),
        # Put aside, not gone: whoever does it decides about the promise first.
        "adjust": Place(shelf.pk, status="hold"),
    }
    for kind, destination in refused.items():
        line = MovementLine(box.pk, D(1), Place(shelf.pk), destination, reason_code="X")
        with pytest.raises(errors.InsufficientStock), transaction():
            f.post(kind, [line])
    lose(box, shelf, 1, kind="scrap")
    assert held("SO-1") == {"SHELF": 4, "short": 1}


def test_a_loss_sent_twice_is_booked_once(box, shelf) -> None:
    f.receive(box, shelf, 5)
    promise(box, 5, shelf, order="SO-1")
    receipts = [lose(box, shelf, 2, reference=("count", "7")) for _ in range(2)]
    assert [receipt.replayed for receipt in receipts] == [False, True]
    assert (balance(box, shelf), held("SO-1")) == ((3, 3), {"SHELF": 3, "short": 2})


def test_a_count_of_many_places_is_judged_as_a_whole(home, box) -> None:
    """What is lost there too is no refuge, and postings of one call see each other."""
    a, b, c = (f.a_bin(home, code) for code in "ABC")
    for place in (a, b, c):
        f.receive(box, place, 4)
    promise(box, 4, a, order="SO-1")
    promise(box, 4, b, a, c, order="SO-2")
    counted = [
        PostingRequest("adjust", "count", "1", [lost(box, a, 4), lost(box, b, 3)]),
        PostingRequest("adjust", "count", "2", [lost(box, c, 1)]),
    ]
    services.post_many(counted)
    assert held("SO-1") == {"short": 4}
    assert held("SO-2") == {"B": 1, "C": 3}
    assert [balance(box, place) for place in (a, b, c)] == [(0, 0), (1, 1), (3, 3)]
    assert verify().ok


def test_goods_lost_out_of_a_unit_free_their_promise(box, shelf) -> None:
    pallet = services.create_handling_unit(kind="pallet", location_id=shelf.pk)
    supplier = Place(f.virtual("supplier"))
    f.post("receive", [MovementLine(box.pk, D(6), supplier, Place(shelf.pk, pallet.pk))])
    promise(box, 6, shelf, order="SO-1")
    line = MovementLine(
        box.pk, D(2), Place(shelf.pk, pallet.pk), Place(f.virtual("count")), reason_code="COUNT"
    )
    f.post("adjust", [line])
    assert held("SO-1") == {"SHELF": 4, "short": 2}
    assert verify().ok


def test_what_fell_short_is_filled_up_when_it_is_asked_for_again(box, shelf) -> None:
    f.receive(box, shelf, 5)
    promise(box, 5, shelf, order="SO-1")
    lose(box, shelf, 5)
    f.receive(box, shelf, 9)
    again = promise(box, 5, shelf, order="SO-1")
    assert (again.held, again.shortage) == (5, 0)
    assert held("SO-1") == {"SHELF": 5}
    (line,) = again.lines
    f.post(
        "ship",
        [MovementLine(box.pk, D(5), line.place, Place(f.virtual("customer")))],
        consumes=[ReservationConsumption(line.line_id, D(5))],
    )
    assert balance(box, shelf) == (4, 0)
    assert verify().ok
