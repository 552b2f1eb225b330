"""Reversal, back-dating, closed periods, stock below zero."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lodestock.attention.models import ExceptionCase
from lodestock.inventory import errors, selectors, services
from lodestock.inventory.models import Movement, Reversal
from lodestock.inventory.tests import factories as f
from lodestock.inventory.types import MovementLine, Place
from lodestock.inventory.verification import verify
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput, NotFound
from lodestock.organisation import services as organisation

D = Decimal

pytestmark = pytest.mark.django_db


def on_hand(variant, place, **key):
    return selectors.balance_at(variant.pk, place.pk, **key).on_hand


def allow_negative(site):
    site.allow_negative_stock = True
    return organisation.save_site(site)


def ago(**span):
    return datetime.now(UTC) - timedelta(**span)


def test_a_reversal_posts_the_opposite_and_is_linked():
    variant, dock = f.a_variant(), f.a_warehouse()
    receipt = f.receive(variant, dock, 10, reference=("po", "7"))
    back = services.reverse_movement(receipt.movement_ids[0], reason="counted twice")
    movement = Movement.objects.get(pk=back.movement_ids[0])
    assert on_hand(variant, dock) == 0
    assert (movement.source_id, movement.quantity, movement.kind) == (dock.pk, 10, "receive")
    link = Reversal.objects.get(movement_id=receipt.movement_ids[0])
    assert link.reversing_posting_id == back.posting_id
    assert verify().ok


def test_a_movement_is_reversed_at_most_once():
    variant, dock = f.a_variant(), f.a_warehouse()
    receipt = f.receive(variant, dock, 10)
    f.receive(variant, dock, 10)
    services.reverse_movement(receipt.movement_ids[0], reason="wrong")
    with pytest.raises(errors.AlreadyReversed), transaction():
        services.reverse_movement(receipt.movement_ids[0], reason="wrong again")
    with pytest.raises(errors.AlreadyReversed), transaction():
        services.reverse_posting(receipt.posting_id, reason="wrong again")
    assert on_hand(variant, dock) == 10


def test_a_reversal_can_be_reversed():
    variant, dock = f.a_variant(), f.a_warehouse()
    receipt = f.receive(variant, dock, 10)
    back = services.reverse_posting(receipt.posting_id, reason="wrong")
    services.reverse_posting(back.posting_id, reason="right after all")
    assert on_hand(variant, dock) == 10


def test_a_posting_of_many_lines_is_reversed_as_a_whole():
    dock = f.a_warehouse()
    variants = [f.a_variant() for _ in range(3)]
    supplier = Place(f.virtual("supplier"))
    receipt = f.post(
        "receive", [MovementLine(v.pk, D(2), supplier, Place(dock.pk)) for v in variants]
    )
    services.reverse_posting(receipt.posting_id, reason="other site")
    assert [on_hand(variant, dock) for variant in variants] == [0, 0, 0]


def test_goods_that_have_left_cannot_be_reversed_away():
    variant, dock = f.a_variant(), f.a_warehouse()
    receipt = f.receive(variant, dock, 10)
    f.ship(variant, dock, 4)
    with pytest.raises(errors.InsufficientStock), transaction():
        services.reverse_posting(receipt.posting_id, reason="wrong")
    assert not Reversal.objects.exists()


def test_a_reversal_says_why_and_of_what():
    variant, dock = f.a_variant(), f.a_warehouse()
    receipt = f.receive(variant, dock, 10)
    with pytest.raises(InvalidInput, match="why"):
        services.reverse_posting(receipt.posting_id, reason=" ")
    with pytest.raises(NotFound):
        services.reverse_posting(10**12, reason="x")
    with pytest.raises(NotFound):
        services.reverse_movement(10**12, reason="x")


def test_back_dating_that_keeps_the_past_positive_is_ordinary():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10, occurred_at=ago(days=10))
    f.ship(variant, dock, 4, occurred_at=ago(days=5))
    assert on_hand(variant, dock) == 6


def test_back_dating_that_makes_a_past_instant_negative_needs_permission_and_opens_a_case():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10, occurred_at=ago(days=3))
    with pytest.raises(errors.PastBelowZero, match="would have been -4 before"), transaction():
        f.ship(variant, dock, 4, occurred_at=ago(days=5))
    f.ship(variant, dock, 4, occurred_at=ago(days=5), permits=["past_below_zero"])
    assert on_hand(variant, dock) == 6
    case = ExceptionCase.objects.get()
    assert case.rule == "past_stock_below_zero"
    assert case.evidence["on_hand"] == "-4.000000"


def test_the_past_is_walked_step_by_step_not_only_at_its_ends():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10, occurred_at=ago(days=30))
    f.ship(variant, dock, 9, occurred_at=ago(days=20))
    f.receive(variant, dock, 9, occurred_at=ago(days=10))
    with pytest.raises(errors.PastBelowZero, match="-1 before"), transaction():
        f.ship(variant, dock, 2, occurred_at=ago(days=25))
    f.ship(variant, dock, 1, occurred_at=ago(days=25))
    f.ship(variant, dock, 5, occurred_at=ago(days=5))


def test_many_back_dated_lines_are_checked_together():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10, occurred_at=ago(days=3))
    line = MovementLine(variant.pk, D(1), Place(dock.pk), Place(f.virtual("customer")))
    with pytest.raises(errors.PastBelowZero), transaction():
        f.post("ship", [line] * 3, occurred_at=ago(days=5))
    f.post("ship", [line] * 3, occurred_at=ago(days=1))


def test_a_closed_period_takes_no_posting_without_permission():
    variant, dock = f.a_variant(), f.a_warehouse()
    period = services.create_period(code="old", starts_at=ago(days=60), ends_at=ago(days=30))
    f.receive(variant, dock, 10, occurred_at=ago(days=40))
    period = services.close_period(period)
    with pytest.raises(errors.PeriodClosed, match="old"), transaction():
        f.receive(variant, dock, 10, occurred_at=ago(days=40))
    f.receive(variant, dock, 10, occurred_at=ago(days=20))
    f.receive(variant, dock, 10, occurred_at=ago(days=40), permits=["closed_period"])
    services.reopen_period(period, reason="late invoices")
    f.receive(variant, dock, 10, occurred_at=ago(days=40))
    assert on_hand(variant, dock) == 40


def test_periods_do_not_overlap():
    services.create_period(code="a", starts_at=ago(days=60), ends_at=ago(days=30))
    with pytest.raises(Conflict, match="overlaps"), transaction():
        services.create_period(code="b", starts_at=ago(days=40), ends_at=ago(days=20))
    services.create_period(code="c", starts_at=ago(days=29), ends_at=ago(days=20))


@pytest.mark.parametrize("count", [1, 2])
def test_a_site_may_allow_negative_stock_and_then_it_is_a_case_at_once(count):
    site = allow_negative(f.a_site("NEG"))
    variant, dock = f.a_variant(), f.a_warehouse(site=site)
    line = MovementLine(variant.pk, D(3), Place(dock.pk), Place(f.virtual("customer")))
    f.post("ship", [line] * count)
    assert on_hand(variant, dock) == -3 * count
    assert ExceptionCase.objects.get().rule == "stock_below_zero"
    report = verify()
    assert not report.differences


def test_the_site_s_rule_reaches_stock_that_is_already_there():
    site = f.a_site("LATER")
    variant, dock = f.a_variant(), f.a_warehouse(site=site)
    f.receive(variant, dock, 1)
    allow_negative(site)
    f.ship(variant, dock, 3)
    assert on_hand(variant, dock) == -2
