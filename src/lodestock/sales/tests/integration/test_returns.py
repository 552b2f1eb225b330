"""Goods that come back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lodestock.eventstore.models import Event
from lodestock.inventory.selectors import balance_at
from lodestock.kernel import clock
from lodestock.kernel.errors import IllegalTransition, NotFound
from lodestock.organisation.errors import UnknownReason
from lodestock.sales import services
from lodestock.sales.models import ReturnOrder, SalesLine
from lodestock.sales.tests import factories as f
from lodestock.sales.types import Despatch, Outcome, StockStatus

pytestmark = pytest.mark.django_db


def sold(variant: int, quantity: int) -> SalesLine:
    f.stock(variant, quantity, note=f"for {SalesLine.objects.count()}")
    order = f.an_order(quantity, variant=variant)
    services.ship_order(order.pk, Despatch(shipped_at=f.LONG_AGO + timedelta(days=1)))
    return order.lines.get()


def on_hand(variant: int, status: str = "available") -> Decimal:
    return balance_at(variant_id=variant, location_id=f.a_warehouse(), status=status).on_hand


def test_a_return_goes_back_on_stock_and_finds_its_sale() -> None:
    variant = f.a_variant()
    sale = sold(variant, 5)
    rma = services.return_goods(f.a_return(variant, 2))
    line = rma.lines.get()
    assert (line.sales_line_id, line.flag) == (sale.pk, "")
    assert SalesLine.objects.get(pk=sale.pk).returned == 2
    assert on_hand(variant) == 2
    assert rma.status == "restock"


def test_a_return_without_a_sale_is_accepted_and_flagged() -> None:
    variant = f.a_variant()
    rma = services.return_goods(f.a_return(variant, 2))
    assert rma.lines.get().flag == "no_sale_found"
    assert rma.unmatched_lines == 1
    assert on_hand(variant) == 2


def test_more_than_was_sold_finds_no_sale() -> None:
    variant = f.a_variant()
    sale = sold(variant, 5)
    rma = services.return_goods(f.a_return(variant, 6))
    assert rma.lines.get().sales_line_id is None
    assert SalesLine.objects.get(pk=sale.pk).returned == 0


def test_a_walk_in_return_is_never_matched_to_a_stranger() -> None:
    variant = f.a_variant()
    sold(variant, 5)
    rma = services.return_goods(f.a_return(variant, 1, customer_id=None))
    assert rma.walk_in
    assert rma.lines.get().flag == "no_sale_found"


def test_quarantined_goods_are_not_available_until_somebody_has_decided() -> None:
    variant = f.a_variant()
    sold(variant, 5)
    rma = services.return_goods(f.a_return(variant, 2, status=StockStatus.QUARANTINE))
    assert (on_hand(variant), on_hand(variant, "quarantine")) == (0, 2)
    with pytest.raises(IllegalTransition):
        services.dispose_return(rma.pk, disposition="restock")
    services.inspect_return(rma.pk)
    services.dispose_return(rma.pk, disposition="restock")
    assert (on_hand(variant), on_hand(variant, "quarantine")) == (2, 0)
    services.credit_return(rma.pk)
    assert services.close_return(rma.pk).status == "closed"


def test_scrapped_goods_leave_the_stock() -> None:
    variant = f.a_variant()
    sold(variant, 5)
    rma = services.return_goods(f.a_return(variant, 2, status=StockStatus.QUARANTINE))
    services.inspect_return(rma.pk)
    services.dispose_return(rma.pk, disposition="scrap")
    assert (on_hand(variant), on_hand(variant, "quarantine")) == (0, 0)


def test_an_unknown_disposition_is_no_step_of_the_machine() -> None:
    rma = services.return_goods(f.a_return(f.a_variant(), 1, status=StockStatus.QUARANTINE))
    services.inspect_return(rma.pk)
    with pytest.raises(IllegalTransition):
        services.dispose_return(rma.pk, disposition="burn")


def test_an_unknown_reason_or_return_is_refused() -> None:
    with pytest.raises(UnknownReason):
        services.return_goods(f.a_return(f.a_variant(), 1, reason="because"))
    with pytest.raises(NotFound):
        services.inspect_return(10**9)


def test_the_same_return_twice_changes_nothing() -> None:
    variant = f.a_variant()
    given = f.a_return(
        variant, 1, source="shop", external_id="C1", occurred_at=clock.now() - timedelta(days=1)
    )
    first = services.return_bulk([given])
    events = Event.objects.count()
    second = services.return_bulk([given])
    assert first.count(Outcome.APPLIED) == 1
    assert second.count(Outcome.UNCHANGED) == 1
    assert Event.objects.count() == events
    assert ReturnOrder.objects.count() == 1
    assert on_hand(variant) == 1
