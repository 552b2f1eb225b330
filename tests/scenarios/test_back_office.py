"""The back office opens every list in a few queries, searches it and filters it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.api.stocked import stocked, stocked_database

__all__ = ["stocked", "stocked_database"]

OURS = sorted(
    (model for model in apps.get_models() if model.__module__.startswith("lodestock.")),
    key=lambda model: model._meta.label,
)

#: Tables of exactly one row have nothing to search.
SINGLE_ROWS = {"eventstore.SequencerState", "inventory.LedgerState"}


def address(model) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


@pytest.mark.parametrize(
    "model", [m for m in OURS if m in admin.site._registry], ids=lambda m: m._meta.label
)
def test_a_list_opens_and_searches_in_at_most_fifteen_queries(stocked, client, model):
    """A-20: ≤ 15 queries, whatever the number of rows; search and filters are there."""
    entry = admin.site._registry[model]
    client.force_login(get_user_model().objects.create_superuser("root", "r@example.com", "x"))
    if model._meta.label not in SINGLE_ROWS:
        assert entry.search_fields or entry.list_filter, "nothing to look for"
    for query in ({}, {"q": "1"} if entry.search_fields else {}):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address(model), query)
        assert answer.status_code == 200
        assert len(captured) <= 15, [q["sql"][:200] for q in captured]
