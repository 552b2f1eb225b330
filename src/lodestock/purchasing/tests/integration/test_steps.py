"""The order's steps with the database: dates, refusals that write nothing, revisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lodestock.eventstore.models import Event
from lodestock.inventory.models import Balance
from lodestock.kernel.errors import Conflict, IllegalTransition, InvalidInput
from lodestock.kernel.models import History
from lodestock.partners.selectors import observed_lead_time
from lodestock.purchasing import services
from lodestock.purchasing.domain.orders import PURCHASE_ORDER
from lodestock.purchasing.errors import OverReceipt, UnknownLine
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder, Receipt
from lodestock.purchasing.tests import factories as f

pytestmark = pytest.mark.django_db
within_one_test = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

#: Every verb somebody can call, as a call on an order's key.
VERBS: dict[str, Callable[[int], Any]] = {
    "submit": services.submit_purchase_order,
    "approve": services.approve_purchase_order,
    "reject": lambda key: services.reject_purchase_order(key, reason="no"),
    "redraft": services.redraft_purchase_order,
    "send": services.send_purchase_order,
    "negotiate": lambda key: services.negotiate_purchase_order(key, by="buyer"),
    "acknowledge": services.acknowledge_purchase_order,
    "close": services.close_purchase_order,
    "cancel": lambda key: services.cancel_purchase_order(key, reason="no"),
    "revise": lambda key: services.revise_purchase_order(key, changes=[], reason="no"),
}


def world() -> tuple[Any, ...]:
    """Everything a refused verb must leave as it was."""
    orders = PurchaseOrder.objects.order_by("pk").values_list("status", "revision", "updated_at")
    lines = PurchaseLine.objects.order_by("pk").values_list("received", "cancelled", "updated_at")
    counts = (Event.objects.count(), History.objects.count(), Receipt.objects.count())
    return list(orders), list(lines), counts


@within_one_test
@given(st.lists(st.sampled_from(list(VERBS)), max_size=9))
def test_an_undeclared_step_raises_and_writes_nothing(verbs: list[str]) -> None:
    order = f.an_order(10)
    for verb in verbs:
        status = PurchaseOrder.objects.get(pk=order.pk).status
        expected = PURCHASE_ORDER.transitions[verb].get(status)
        before = world()
        if expected is None:
            with pytest.raises(IllegalTransition):
                VERBS[verb](order.pk)
            assert world() == before
        else:
            VERBS[verb](order.pk)
            assert PurchaseOrder.objects.get(pk=order.pk).status == expected
            assert world() != before


@within_one_test
@given(
    st.integers(1, 40),
    st.sampled_from(["0", "0.1", "0.5"]),
    st.lists(st.integers(1, 25), max_size=6),
)
def test_whatever_arrives_the_figures_agree(ordered: int, tolerance: str, tries: list[int]) -> None:
    variant = f.a_variant()
    before = sum(Balance.objects.filter(variant=variant).values_list("on_hand", flat=True))
    order = f.sent(f.an_order(ordered, tolerance=tolerance))
    taken = 0
    for quantity in tries:
        try:
            f.receive(order, quantity)
        except (OverReceipt, IllegalTransition):
            continue
        taken += quantity
    line = order.lines.get()
    after = sum(Balance.objects.filter(variant=variant).values_list("on_hand", flat=True))
    assert line.received == taken == after - before
    assert taken <= ordered * (1 + Decimal(tolerance))
    status = PurchaseOrder.objects.get(pk=order.pk).status
    assert (status == "received") == (taken >= ordered)


def test_due_and_required_days_follow_from_lead_time_and_terms() -> None:
    order = f.an_order(10)
    assert order.due_on == f.LONG_AGO.date() + timedelta(days=10)
    assert order.required_on == f.LONG_AGO.date() + timedelta(days=12)
    assert order.payment_due_on == order.due_on + timedelta(days=30)


def test_receipts_teach_the_lead_time_of_their_supplier() -> None:
    for days in (8, 12):
        f.receive(f.sent(f.an_order(10)), 10, days=days)
    observed = observed_lead_time(f.a_supplier())
    assert observed is not None
    assert (observed.mean_days, observed.sd_days) == (Decimal("10.000"), Decimal("2.828"))


def test_a_revision_changes_the_line_and_reopens_the_approval() -> None:
    order = f.sent(f.an_order(100))
    line = order.lines.get()
    change = services.LineChange(line.pk, quantity=Decimal(80), unit_price=Decimal(3))
    services.revise_purchase_order(order.pk, changes=[change], reason="less needed")
    order.refresh_from_db()
    assert (order.status, order.revision, order.total) == ("submitted", 1, Decimal(240))


def test_a_revision_below_what_has_arrived_is_refused() -> None:
    order = f.sent(f.an_order(100))
    f.receive(order, 60)
    change = services.LineChange(order.lines.get().pk, quantity=Decimal(50))
    with pytest.raises(InvalidInput):
        services.revise_purchase_order(order.pk, changes=[change], reason="less")
    with pytest.raises(UnknownLine):
        services.revise_purchase_order(
            order.pk, changes=[services.LineChange(10**9)], reason="whose?"
        )


def test_cancelling_keeps_what_has_arrived() -> None:
    order = f.sent(f.an_order(100))
    f.receive(order, 60)
    services.cancel_purchase_order(order.pk, reason="supplier cannot deliver")
    line = order.lines.get()
    assert (line.received, line.cancelled, line.open_quantity) == (60, 40, 0)
    with pytest.raises(IllegalTransition):
        f.receive(order, 1)


def test_a_negotiation_counts_its_rounds_and_an_acknowledgement_brings_its_day() -> None:
    order = f.sent(f.an_order(100))
    services.negotiate_purchase_order(order.pk, by="supplier", price="2.60")
    services.acknowledge_purchase_order(order.pk, promised_on=date(2030, 5, 1))
    order.refresh_from_db()
    assert (order.status, order.negotiation_round) == ("acknowledged", 1)
    assert order.lines.get().promised_on == order.due_on == date(2030, 5, 1)
    offer = Event.objects.get(event_type="NegotiationOffered").payload
    assert (offer["by"], offer["round"], Decimal(offer["price"])) == ("supplier", 1, Decimal("2.6"))


def test_a_rejected_order_goes_back_with_its_reason() -> None:
    order = f.an_order(10)
    services.submit_purchase_order(order.pk)
    services.reject_purchase_order(order.pk, reason="too dear")
    assert services.redraft_purchase_order(order.pk).status == "draft"
    with pytest.raises(InvalidInput):
        services.cancel_purchase_order(order.pk, reason=" ")


def test_a_known_document_is_not_created_twice() -> None:
    from dataclasses import replace

    from lodestock.purchasing.types import PurchaseLineInput, PurchaseOrderInput

    given_ = PurchaseOrderInput(
        supplier_id=f.a_supplier(),
        site_id=f.a_site(),
        lines=(PurchaseLineInput(f.a_variant(), Decimal(1)),),
        source="mail",
        external_id="77",
    )
    services.create_purchase_order(given_)
    with pytest.raises(Conflict):
        services.create_purchase_order(given_)
    with pytest.raises(InvalidInput):
        services.create_purchase_order(replace(given_, external_id="78", currency="XYZ"))
