"""The bulk verbs: the same as one by one, unchanged when repeated, one refusal alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lodestock.eventstore.models import Event
from lodestock.inventory.models import Movement
from lodestock.inventory.selectors import balance_at
from lodestock.sales import services
from lodestock.sales.models import ReturnLine, SalesLine, SalesOrder
from lodestock.sales.tests import factories as f
from lodestock.sales.types import (
    Despatch,
    DespatchLine,
    LineKind,
    Outcome,
    SalesHistory,
)
from lodestock.shipping.models import Shipment

pytestmark = pytest.mark.django_db

QUANTITY = st.integers(1, 6)
ITEM = st.tuples(st.sampled_from(["A", "B", "C", "POST"]), QUANTITY)
DOCUMENT = st.tuples(st.lists(ITEM, min_size=1, max_size=4), st.booleans(), st.integers(0, 2))
DOCUMENTS = st.lists(DOCUMENT, min_size=1, max_size=7)


class Undo(Exception):
    """Thrown to roll one of the two worlds back."""


def history(number: int, document: tuple[list[tuple[str, int]], bool, int]) -> SalesHistory:
    items, shipped, customer = document
    when = f.LONG_AGO + timedelta(hours=number)
    lines = tuple(
        f.line(None, quantity, kind=LineKind.SERVICE, sku=sku, external_key=str(key))
        if sku == "POST"
        else f.line(f.a_variant(sku), quantity, external_key=str(key))
        for key, (sku, quantity) in enumerate(items)
    )
    order = f.order_input(
        lines,
        customer_id=f.a_customer(f"C{customer}") if customer else None,
        ordered_at=when,
        source="shop",
        external_id=f"I{number}",
    )
    sent = (Despatch(shipped_at=when, delivered_at=when + timedelta(days=1)),)
    return SalesHistory(order, sent if shipped else ())


def picture() -> dict[str, object]:
    """Everything that may be compared between two worlds: no keys, no numbers, no clock."""
    orders = list(
        SalesOrder.objects.order_by("external_id").values_list(
            "external_id", "status", "total", "walk_in", "fulfilled_at", "customer__code"
        )
    )
    lines = list(
        SalesLine.objects.order_by("order__external_id", "line_no").values_list(
            "order__external_id", "line_no", "sku", "shipped", "cancelled", "amount", "shipped_at"
        )
    )
    events = Counter(
        Event.objects.exclude(event_type__in=["ProductCreated", "VariantCreated", "PartnerCreated"])
        .order_by()
        .values_list("event_type", flat=True)
    )
    moves = Counter(Movement.objects.values_list("variant_id", "quantity", "kind", "occurred_at"))
    stock = [balance_at(variant_id=f.a_variant(sku), location_id=f.a_warehouse()) for sku in "ABC"]
    return {
        "orders": orders,
        "lines": lines,
        "events": events,
        "movements": moves,
        "stock": [(b.on_hand, b.reserved) for b in stock],
        "shipments": Counter(Shipment.objects.values_list("status", "delivered_at")),
    }


def play(documents: list, size: int) -> dict[str, object]:
    """Apply the documents in chunks of that size, look, and forget everything."""
    seen: dict[str, object] = {}
    try:
        with transaction.atomic():
            for sku in "ABC":
                f.stock(f.a_variant(sku), 9)
            histories = [history(n, document) for n, document in enumerate(documents)]
            for start in range(0, len(histories), size):
                services.replay_bulk(histories[start : start + size])
            seen = picture()
            raise Undo
    except Undo:
        return seen


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(DOCUMENTS)
def test_in_bulk_and_one_by_one_leave_the_same_world(documents: list) -> None:
    f.a_warehouse()
    for sku in "ABC":
        f.a_variant(sku)
    assert play(documents, 1) == play(documents, len(documents))


def test_a_bulk_of_one_is_what_the_single_verbs_do() -> None:
    f.stock(f.a_variant(), 5)
    when = f.LONG_AGO + timedelta(hours=1)
    single = f.an_order(3)
    services.ship_order(single.pk, Despatch(shipped_at=when))
    given_ = f.order_input(
        [f.line(f.a_variant(), 2, external_key="1")], source="s", external_id="1"
    )
    services.replay_bulk([SalesHistory(given_, (Despatch(shipped_at=when),))])
    bulk = SalesOrder.objects.get(external_id="1")

    def told(order: SalesOrder) -> list[str]:
        rows = Event.objects.filter(aggregate_type="SalesOrder", aggregate_id=order.pk)
        return list(rows.order_by("seq").values_list("event_type", flat=True))

    assert told(bulk) == told(single)
    assert bulk.status == SalesOrder.objects.get(pk=single.pk).status == "FULFILLED"


def test_importing_twice_changes_nothing() -> None:
    f.stock(f.a_variant("A"), 50)
    histories = [history(n, ([("A", 2), ("POST", 1)], True, 1)) for n in range(4)]
    assert services.replay_bulk(histories).count(Outcome.APPLIED) == 8
    before = (Event.objects.count(), Movement.objects.count(), Shipment.objects.count())
    assert services.replay_bulk(histories).count(Outcome.UNCHANGED) == 8
    assert (Event.objects.count(), Movement.objects.count(), Shipment.objects.count()) == before


def test_a_corrected_price_is_taken_over_and_another_quantity_refused() -> None:
    f.stock(f.a_variant("A"), 50)
    first = history(1, ([("A", 2)], True, 1))
    services.replay_bulk([first])
    line = first.order.lines[0]
    dearer = replace(
        first, order=replace(first.order, lines=(replace(line, unit_price=Decimal("6.00")),))
    )
    assert services.replay_bulk([dearer]).count(Outcome.AMENDED) == 1
    assert SalesOrder.objects.get().total == 12
    more = replace(first, order=replace(first.order, lines=(replace(line, quantity=Decimal(3)),)))
    answer = services.replay_bulk([more]).outcomes[0]
    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "line_differs")
    assert SalesLine.objects.get().base_quantity == 2


def test_one_bad_line_is_refused_alone() -> None:
    f.stock(f.a_variant("A"), 50)
    good = history(1, ([("A", 2)], True, 1))
    bad = history(2, ([("A", 2), ("A", 1)], True, 1))
    lines = (bad.order.lines[0], replace(bad.order.lines[1], quantity=Decimal("NaN")))
    bad = replace(bad, order=replace(bad.order, lines=lines))
    late = history(3, ([("A", 2)], True, 1))
    late = replace(late, despatches=(Despatch(shipped_at=f.LONG_AGO - timedelta(days=9)),))
    answer = services.replay_bulk([good, bad, late])
    assert [x.outcome for x in answer.outcomes] == ["applied", "applied", "refused", "refused"]
    assert answer.outcomes[3].code == "dates_out_of_order"
    assert SalesOrder.objects.count() == 2


def test_what_is_short_of_stock_stays_backordered() -> None:
    f.stock(f.a_variant("A"), 3)
    services.replay_bulk([history(n, ([("A", 2)], True, 1)) for n in (1, 2)])
    statuses = SalesOrder.objects.order_by("external_id").values_list("status", flat=True)
    assert list(statuses) == ["FULFILLED", "PARTIALLY_FULFILLED"]


def test_two_despatches_of_one_document_leave_one_after_the_other() -> None:
    f.stock(f.a_variant("A"), 30)
    one = history(1, ([("A", 5)], False, 1))
    parts = tuple(
        Despatch(
            shipped_at=f.LONG_AGO + timedelta(days=day),
            lines=(DespatchLine(line_key="0", quantity=Decimal(quantity)),),
        )
        for day, quantity in ((1, 2), (2, 3))
    )
    services.replay_bulk([replace(one, despatches=parts)])
    assert SalesOrder.objects.get().status == "FULFILLED"
    assert Shipment.objects.count() == 2
    assert SalesLine.objects.get().shipped == 5


def test_a_later_part_of_a_fulfilled_document_amends_it() -> None:
    f.stock(f.a_variant("A"), 30)
    whole = history(1, ([("A", 5), ("A", 1)], True, 1))
    part = replace(whole, order=replace(whole.order, lines=whole.order.lines[:1]))
    services.replay_bulk([part])
    answer = services.replay_bulk([whole])
    assert [x.outcome for x in answer.outcomes] == ["unchanged", "applied"]
    assert SalesOrder.objects.get().status == "FULFILLED"
    told = Event.objects.filter(aggregate_type="SalesOrder").order_by("seq")
    assert list(told.values_list("event_type", flat=True)) == [
        "OrderCreated",
        "OrderFulfilled",
        "OrderAmended",
        "OrderFulfilled",
    ]


def test_many_returns_in_one_call_share_what_was_sold() -> None:
    f.stock(f.a_variant("A"), 30)
    services.replay_bulk([history(1, ([("A", 5)], True, 1))])
    when = f.LONG_AGO + timedelta(days=30)
    back = [
        f.a_return(
            f.a_variant("A"),
            3,
            customer_id=f.a_customer("C1"),
            source="shop",
            external_id=f"R{n}",
            occurred_at=when,
        )
        for n in range(2)
    ]
    answer = services.return_bulk(back)
    assert [x.flag for x in answer.outcomes] == ["", "no_sale_found"]
    assert SalesLine.objects.get().returned == 3
    assert ReturnLine.objects.filter(sales_line__isnull=False).count() == 1
