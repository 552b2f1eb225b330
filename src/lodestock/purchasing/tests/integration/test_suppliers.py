"""Whom an order goes to is looked at before anything is written, not at the commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lodestock.kernel.errors import NotFound
from lodestock.partners.errors import Inactive
from lodestock.partners.services import deactivate_partner
from lodestock.purchasing import services
from lodestock.purchasing.models import PurchaseOrder
from lodestock.purchasing.tests import factories as f
from lodestock.purchasing.types import Outcome, PurchaseHistory, PurchaseLineInput
from lodestock.purchasing.types import PurchaseOrderInput as Given

NOBODY = 999_999_999

every_promise = pytest.mark.parametrize("promised_on", [None, date(2024, 4, 1)])


def order_to(supplier: int, promised_on: date | None, **more: str) -> Given:
    line = PurchaseLineInput(f.a_variant(), Decimal(10), promised_on=promised_on, external_key="1")
    return Given(supplier, f.a_site(), (line,), ordered_at=f.LONG_AGO, **more)


@every_promise
def test_an_order_to_nobody_is_refused_inside_the_call(committing_db, promised_on) -> None:
    given = order_to(NOBODY, promised_on)
    with pytest.raises(NotFound, match="supplier that does not exist") as refused:
        services.create_purchase_order(given)
    assert refused.value.field == "supplier"
    assert PurchaseOrder.objects.count() == 0


@every_promise
def test_an_order_to_a_retired_supplier_is_refused(db, promised_on) -> None:
    supplier = f.a_supplier()
    deactivate_partner(partner_id=supplier)
    with pytest.raises(Inactive, match="ACME is retired") as refused:
        services.create_purchase_order(order_to(supplier, promised_on))
    assert refused.value.field == "supplier"


@every_promise
def test_in_bulk_the_neighbours_of_an_order_to_nobody_stand(db, promised_on) -> None:
    wrong = order_to(NOBODY, promised_on, source="old", external_id="1")
    right = replace(wrong, supplier_id=f.a_supplier(), external_id="2")
    result = services.place_and_receive_bulk([PurchaseHistory(wrong), PurchaseHistory(right)])
    told = [(line.outcome, line.code) for line in result.outcomes]
    assert told == [(Outcome.REFUSED, "unknown_partner"), (Outcome.APPLIED, "")]
