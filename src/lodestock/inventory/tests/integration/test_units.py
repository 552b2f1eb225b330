"""Handling units: packed, moved as a whole, nested, single pieces."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lodestock.inventory import errors, selectors, services
from lodestock.inventory.models import Balance, HandlingUnit, HuContent, Movement
from lodestock.inventory.tests import factories as f
from lodestock.inventory.types import MovementLine, Place, ReservationConsumption
from lodestock.inventory.verification import verify
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput

D = Decimal

pytestmark = pytest.mark.django_db


def balance(variant, place):
    return Balance.objects.get(variant=variant, location=place)


def a_pallet(place, kind="pallet"):
    return services.create_handling_unit(kind=kind, location_id=place.pk)


def pack(variant, place, unit, amount):
    line = MovementLine(variant.pk, D(amount), Place(place.pk), Place(place.pk, unit.pk))
    return f.post("transfer", [line])


def move_unit(unit, place, key="T1"):
    return services.move_handling_unit(
        unit.pk, location_id=place.pk, reference_type="transfer", reference_id=key
    )


def test_packing_leaves_the_stock_where_it_is_but_no_longer_loose():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    pallet = a_pallet(dock)
    pack(variant, dock, pallet, 6)
    kept = balance(variant, dock)
    assert (kept.on_hand, kept.in_units) == (10, 6)
    assert HuContent.objects.get(hu=pallet).quantity == 6
    with pytest.raises(errors.InsufficientStock, match="6 packed in handling units"), transaction():
        f.ship(variant, dock, 5)
    f.ship(variant, dock, 4)
    assert verify().ok


def test_moving_a_pallet_is_one_movement_for_each_content_and_one_new_place():
    one, two, home = f.a_variant(), f.a_variant(), f.a_warehouse()
    here, there = f.a_bin(home), f.a_bin(home)
    pallet = a_pallet(here)
    for variant in (one, two):
        f.receive(variant, here, 5)
        pack(variant, here, pallet, 5)
    before = Movement.objects.count()
    receipt = move_unit(pallet, there)
    assert Movement.objects.count() == before + 2 == before + len(receipt.movement_ids)
    pallet.refresh_from_db()
    assert pallet.location_id == there.pk
    assert [balance(v, there).in_units for v in (one, two)] == [5, 5]
    assert [balance(v, here).on_hand for v in (one, two)] == [0, 0]
    assert pallet.history().filter(operation="update").count() == 1
    assert verify().ok


def test_a_pallet_moves_whole_or_not_at_all():
    one, two, home = f.a_variant(), f.a_variant(), f.a_warehouse()
    here, there = f.a_bin(home), f.a_bin(home)
    pallet = a_pallet(here)
    for variant in (one, two):
        f.receive(variant, here, 5)
        pack(variant, here, pallet, 5)
    part = MovementLine(one.pk, D(5), Place(here.pk, pallet.pk), Place(there.pk, pallet.pk))
    with pytest.raises(errors.HandlingUnitRefused, match="moves as a whole"), transaction():
        f.post("transfer", [part])


def test_unpacking_takes_what_is_in_it_and_no_more():
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 10)
    pallet = a_pallet(dock)
    pack(variant, dock, pallet, 6)
    back = Place(dock.pk, pallet.pk), Place(dock.pk)
    with pytest.raises(errors.HandlingUnitRefused, match=r"7 asked .* 6 found"), transaction():
        f.post("transfer", [MovementLine(variant.pk, D("7"), *back)])
    f.post("transfer", [MovementLine(variant.pk, D(6), *back)])
    assert not HuContent.objects.filter(hu=pallet).exists()
    assert balance(variant, dock).in_units == 0


def test_a_line_must_name_the_place_where_the_unit_is():
    variant, home = f.a_variant(), f.a_warehouse()
    here, there = f.a_bin(home), f.a_bin(home)
    f.receive(variant, here, 10)
    pallet = a_pallet(there)
    into = MovementLine(variant.pk, D(1), Place(here.pk), Place(here.pk, pallet.pk))
    with pytest.raises(errors.HandlingUnitRefused, match="is not at the place"), transaction():
        f.post("transfer", [into])


def test_an_empty_unit_moves_without_a_posting():
    home = f.a_warehouse()
    here, there = f.a_bin(home), f.a_bin(home)
    pallet = a_pallet(here)
    assert move_unit(pallet, there) is None
    pallet.refresh_from_db()
    assert pallet.location_id == there.pk


def test_nested_units_move_with_the_outermost():
    variant, home = f.a_variant(), f.a_warehouse()
    here, there = f.a_bin(home), f.a_bin(home)
    f.receive(variant, here, 5)
    case, pallet = a_pallet(here, "case"), a_pallet(here)
    pack(variant, here, case, 5)
    services.pack_unit(case.pk, into_id=pallet.pk)
    move_unit(pallet, there)
    assert selectors.place_of_unit(case.pk) == there.pk
    with pytest.raises(errors.HandlingUnitRefused), transaction():
        move_unit(case, here, "T2")
    services.take_out_unit(case.pk)
    move_unit(case, here, "T3")
    assert (selectors.place_of_unit(case.pk), selectors.place_of_unit(pallet.pk)) == (
        here.pk,
        there.pk,
    )
    assert verify().ok


def test_units_in_different_places_or_in_circles_are_not_nested():
    home = f.a_warehouse()
    here, there = f.a_bin(home), f.a_bin(home)
    one, two, far = a_pallet(here), a_pallet(here), a_pallet(there)
    for child, parent in ((one, far), (one, one)):
        with pytest.raises(errors.HandlingUnitRefused, match="cannot be packed"), transaction():
            services.pack_unit(child.pk, into_id=parent.pk)
    services.pack_unit(one.pk, into_id=two.pk)
    with pytest.raises(errors.HandlingUnitRefused, match="cannot be packed"), transaction():
        services.pack_unit(two.pk, into_id=one.pk)


def test_a_roll_holds_one_thing():
    one, two, dock = f.a_variant(), f.a_variant(), f.a_warehouse()
    roll = a_pallet(dock, "roll")
    for variant in (one, two):
        f.receive(variant, dock, 5)
    pack(one, dock, roll, 5)
    with pytest.raises(errors.HandlingUnitRefused, match="one thing"), transaction():
        pack(two, dock, roll, 5)


@pytest.mark.parametrize("tracking", ["serial", "unit"])
@pytest.mark.parametrize("count", [1, 2])
def test_goods_tracked_one_by_one_are_never_loose(tracking, count):
    variant, dock = f.a_variant(tracking=tracking), f.a_warehouse()
    line = MovementLine(variant.pk, D(1), Place(f.virtual("supplier")), Place(dock.pk))
    with pytest.raises(errors.HandlingUnitRefused, match="handling units only"), transaction():
        f.post("receive", [line] * count)


def test_serial_numbers_come_in_are_promised_and_go_out_piece_by_piece():
    variant, dock = f.a_variant(tracking="serial"), f.a_warehouse()
    spec = [services.UnitSpec(variant.pk, f"SN{n}", dock.pk) for n in range(3)]
    units = services.ensure_units(spec)
    assert services.ensure_units(spec) == units
    supplier, customer = f.virtual("supplier"), f.virtual("customer")
    f.post(
        "receive",
        [
            MovementLine(variant.pk, D(1), Place(supplier), Place(dock.pk, unit))
            for unit in units.values()
        ],
    )
    held = services.reserve_stock(
        reference_type="sales_order",
        reference_id="1",
        line_key="1",
        variant_id=variant.pk,
        quantity=D(2),
        location_ids=[dock.pk],
    )
    stored = selectors.units_holding([variant.pk], [dock.pk])
    assert [row.quantity for row in stored] == [1, 1, 1]
    lines = [
        MovementLine(variant.pk, D(1), Place(dock.pk, row.hu_id), Place(customer, row.hu_id))
        for row in stored[:2]
    ]
    pin = ReservationConsumption(held.lines[0].line_id, D(2))
    f.post("ship", lines, consumes=[pin])
    kept = balance(variant, dock)
    assert (kept.on_hand, kept.reserved, kept.in_units) == (1, 0, 1)
    assert HandlingUnit.objects.get(pk=stored[0].hu_id).location_id == customer
    assert verify().ok


def test_a_piece_is_one_and_only_one():
    variant, dock = f.a_variant(tracking="serial"), f.a_warehouse()
    [unit] = services.ensure_units([services.UnitSpec(variant.pk, "SN", dock.pk)]).values()
    line = MovementLine(variant.pk, D(2), Place(f.virtual("supplier")), Place(dock.pk, unit))
    with pytest.raises(errors.HandlingUnitRefused, match="one piece"), transaction():
        f.post("receive", [line])
    half = MovementLine(variant.pk, D("0.5"), Place(f.virtual("supplier")), Place(dock.pk, unit))
    with pytest.raises(errors.HandlingUnitRefused, match="one piece"), transaction():
        f.post("receive", [half])


def test_a_unit_made_for_one_variant_holds_no_other():
    one, two, dock = f.a_variant(), f.a_variant(), f.a_warehouse()
    [unit] = services.ensure_units([services.UnitSpec(one.pk, "R1", dock.pk, "roll")]).values()
    line = MovementLine(two.pk, D(2), Place(f.virtual("supplier")), Place(dock.pk, unit))
    with pytest.raises(errors.HandlingUnitRefused), transaction():
        f.post("receive", [line])


def test_an_sscc_is_checked_and_used_once():
    dock = f.a_warehouse()
    sscc = "340123450000000000"
    with pytest.raises(InvalidInput):
        services.create_handling_unit(kind="pallet", location_id=dock.pk, sscc=sscc[:-1] + "9")
    services.create_handling_unit(kind="pallet", location_id=dock.pk, sscc=sscc)
    with pytest.raises(Conflict, match="in use"), transaction():
        services.create_handling_unit(kind="pallet", location_id=dock.pk, sscc=sscc)
