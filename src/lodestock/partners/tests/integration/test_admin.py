"""The back office of partners: many rows in few queries (A-20)."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lodestock.partners import services
from lodestock.partners.tests import factories
from lodestock.partners.types import PartnerSpec

pytestmark = pytest.mark.django_db


def many_partners(count: int) -> None:
    services.ensure_partners(
        PartnerSpec(code=f"P{n}", roles=["supplier"], payment_terms="NET30", currency="EUR")
        for n in range(count)
    )


LISTS = {
    "partner": many_partners,
    "contact": many_partners,
    "address": factories.make_addresses,
    "paymentterms": factories.make_terms,
    "leadtimereceipt": factories.make_receipts,
    "leadtimestatistics": factories.make_statistics,
}


@pytest.mark.parametrize("model", LISTS)
def test_a_list_of_many_rows_costs_few_queries(client, model):
    LISTS[model](1_000 if LISTS[model] is many_partners else 60)
    client.force_login(get_user_model().objects.create_superuser("root", "r@example.com", "x"))
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"/admin/partners/{model}/", {"q": "e"})
    assert answer.status_code == 200
    assert len(captured) <= 15
