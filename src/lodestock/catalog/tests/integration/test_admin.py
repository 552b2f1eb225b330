"""The back office of the catalogue: a thousand rows in few queries (A-20)."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lodestock.catalog.tests.factories import (
    make_categories,
    make_products,
    make_variant_units,
    make_variants,
)

pytestmark = pytest.mark.django_db

LISTS = {
    "category": make_categories,
    "product": make_products,
    "variant": make_variants,
    "variantuom": make_variant_units,
}


@pytest.mark.parametrize("model", LISTS)
def test_a_list_of_many_rows_costs_few_queries(client, model):
    LISTS[model](1_000 if model == "variant" else 60)
    client.force_login(get_user_model().objects.create_superuser("root", "r@example.com", "x"))
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"/admin/catalog/{model}/", {"q": "1"})
    assert answer.status_code == 200
    assert len(captured) <= 15
