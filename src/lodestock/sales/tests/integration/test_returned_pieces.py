"""Goods tracked one by one come back by their serial numbers, from the customer they went to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lodestock.inventory.models import HandlingUnit, Posting
from lodestock.inventory.selectors import balance_at, place_of_unit, units_holding
from lodestock.inventory.services import reverse_posting
from lodestock.kernel.errors import InvalidInput
from lodestock.locations.selectors import virtual_location
from lodestock.sales import services
from lodestock.sales.errors import NotShippedToCustomer, TrackingNeeded, UnknownLine
from lodestock.sales.models import ReturnOrder, SalesLine, SalesOrder
from lodestock.sales.tests import factories as f
from lodestock.sales.types import Despatch, Outcome, ReturnInput, StockStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def camera() -> int:
    return f.a_variant("CAM-7", tracking="serial")


def sold(variant: int, *serials: str, customer: str = "CLINIC") -> SalesOrder:
    """An order of these pieces, shipped a day later."""
    f.stock_pieces(variant, serials)
    lines = [f.line(variant, len(serials))]
    order = services.create_order(f.order_input(lines, customer_id=f.a_customer(customer)))
    services.ship_order(order.pk, Despatch(shipped_at=f.LONG_AGO + timedelta(days=1)))
    return order


def back(variant: int, *serials: str, quantity: int | None = None, **more: Any) -> ReturnInput:
    """A return of these pieces by one customer, on one line."""
    given = f.a_return(variant, len(serials) if quantity is None else quantity)
    (line,) = given.lines
    on_line = {"sales_line_id"} & more.keys()
    line = replace(line, serials=serials, **{name: more.pop(name) for name in on_line})
    return replace(given, lines=(line,), **more)


def whereabouts(variant: int, serial: str) -> int:
    return place_of_unit(HandlingUnit.objects.get(variant=variant, serial=serial).pk)


def nothing_came_back() -> bool:
    return not (ReturnOrder.objects.exists() or Posting.objects.filter(kind="return").exists())


def test_a_piece_that_was_shipped_comes_back_as_itself(camera: int) -> None:
    order = sold(camera, "A", "B")
    rma = services.return_goods(back(camera, "B"))
    line = rma.lines.get()
    assert (line.serials, line.flag, line.sales_line_id) == (["B"], "", order.lines.get().pk)
    assert order.lines.get().returned == 1
    home = f.a_warehouse()
    assert [unit.hu_id for unit in units_holding([camera], [home])] == [
        HandlingUnit.objects.get(serial="B").pk
    ]
    assert whereabouts(camera, "A") == virtual_location("customer")
    assert balance_at(camera, home).on_hand == 1


@pytest.mark.parametrize(
    ("serials", "quantity"),
    [((), 1), (("A",), 2), (("A", "A"), 2), (("A", "B"), 1)],
    ids=["no number", "too few", "the same twice", "too many"],
)
def test_a_return_without_its_serial_numbers_is_refused(camera: int, serials, quantity) -> None:
    sold(camera, "A", "B")
    with pytest.raises(TrackingNeeded, match="CAM-7 is tracked by serial number") as refused:
        services.return_goods(back(camera, *serials, quantity=quantity))
    assert refused.value.field == "serials"
    assert nothing_came_back()


def test_goods_that_are_not_tracked_have_no_serial_numbers() -> None:
    with pytest.raises(InvalidInput, match="not tracked one by one") as refused:
        services.return_goods(back(f.a_variant(), "A"))
    assert refused.value.field == "serials"


def test_a_serial_number_nobody_knows_is_refused(camera: int) -> None:
    sold(camera, "A")
    with pytest.raises(NotShippedToCustomer, match="no CAM-7 with the serial number 'Z'"):
        services.return_goods(back(camera, "Z"))
    assert nothing_came_back()


def test_a_piece_shipped_to_somebody_else_is_refused(camera: int) -> None:
    sold(camera, "A", customer="OTHER")
    with pytest.raises(NotShippedToCustomer, match="CAM-7 'A' was not shipped to CLINIC"):
        services.return_goods(back(camera, "A"))
    assert nothing_came_back()


def test_a_walk_in_brings_back_what_was_sold_over_the_counter_only(camera: int) -> None:
    sold(camera, "A")
    with pytest.raises(NotShippedToCustomer, match="not shipped to a walk-in customer"):
        services.return_goods(back(camera, "A", customer_id=None))


def test_a_piece_that_never_left_is_refused_and_told_where_it_lies(camera: int) -> None:
    f.stock_pieces(camera, ["A"])
    with pytest.raises(NotShippedToCustomer, match="'A' lies at WH1"):
        services.return_goods(back(camera, "A"))
    assert nothing_came_back()


def test_a_piece_comes_back_once(camera: int) -> None:
    sold(camera, "A", "B")
    services.return_goods(back(camera, "A"))
    with pytest.raises(NotShippedToCustomer, match="'A' lies at WH1"):
        services.return_goods(back(camera, "A"))


def test_a_piece_sold_again_belongs_to_the_customer_who_has_it_now(camera: int) -> None:
    sold(camera, "A", customer="OTHER")
    services.return_goods(back(camera, "A", customer_id=f.a_customer("OTHER")))
    order = f.an_order(1, variant=camera)
    services.ship_order(order.pk)
    with pytest.raises(NotShippedToCustomer):
        services.return_goods(back(camera, "A", customer_id=f.a_customer("OTHER")))
    assert services.return_goods(back(camera, "A")).unmatched_lines == 0


def test_a_return_that_was_reversed_leaves_the_piece_with_its_customer(camera: int) -> None:
    sold(camera, "A")
    rma = services.return_goods(back(camera, "A"))
    posting = Posting.objects.get(reference_type="return_order", reference_id=rma.number)
    reverse_posting(posting.pk, reason="it was another camera")
    assert whereabouts(camera, "A") == virtual_location("customer")


def test_pieces_of_two_orders_come_back_on_two_lines(camera: int) -> None:
    first, second = sold(camera, "A"), sold(camera, "B")
    with pytest.raises(TrackingNeeded, match="one return line for each order"):
        services.return_goods(back(camera, "A", "B"))
    both = back(camera, "A")
    (line,) = both.lines
    rma = services.return_goods(replace(both, lines=(line, replace(line, serials=("B",)))))
    matched = list(rma.lines.order_by("line_no").values_list("sales_line__order", flat=True))
    assert matched == [first.pk, second.pk]


def test_the_sale_named_must_be_the_one_the_piece_went_out_on(camera: int) -> None:
    sold(camera, "A")
    other = sold(camera, "B").lines.get()
    with pytest.raises(UnknownLine, match="'A' went out on"):
        services.return_goods(back(camera, "A", sales_line_id=other.pk))
    assert SalesLine.objects.get(pk=other.pk).returned == 0


def test_in_bulk_a_wrong_piece_is_refused_and_its_neighbours_stand(camera: int) -> None:
    sold(camera, "A")
    wrong = back(camera, "Z", source="shop", external_id="C1")
    right = back(camera, "A", source="shop", external_id="C2")
    result = services.return_bulk([wrong, right])
    assert [line.outcome for line in result.outcomes] == [Outcome.REFUSED, Outcome.APPLIED]
    assert "'Z'" in result.outcomes[0].reason


@pytest.mark.parametrize("disposition", ["restock", "scrap"])
def test_a_piece_put_aside_is_disposed_of_as_itself(camera: int, disposition: str) -> None:
    sold(camera, "A")
    rma = services.return_goods(back(camera, "A", status=StockStatus.QUARANTINE))
    home = f.a_warehouse()
    assert balance_at(camera, home, status="quarantine").on_hand == 1
    services.inspect_return(rma.pk)
    services.dispose_return(rma.pk, disposition=disposition)
    assert balance_at(camera, home, status="quarantine").on_hand == 0
    place = home if disposition == "restock" else virtual_location("scrap")
    assert whereabouts(camera, "A") == place
    assert balance_at(camera, home).on_hand == (1 if disposition == "restock" else 0)


def test_of_two_returns_of_one_piece_in_one_call_one_is_refused(camera: int) -> None:
    """Judged together both look right; the ledger takes one, and the other is judged again."""
    sold(camera, "A", "B")
    twice = [back(camera, "A", source="shop", external_id=key) for key in ("C1", "C2")]
    result = services.return_bulk(twice)
    told = [(line.outcome, line.code) for line in result.outcomes]
    assert told == [(Outcome.APPLIED, ""), (Outcome.REFUSED, NotShippedToCustomer.code)]
    assert balance_at(camera, f.a_warehouse()).on_hand == 1
