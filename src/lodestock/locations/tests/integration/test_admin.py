"""The back office of places: a thousand rows in few queries (A-20)."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lodestock.locations import services
from lodestock.locations.tests.factories import a_warehouse

pytestmark = pytest.mark.django_db


def test_a_list_of_a_thousand_places_costs_few_queries(client):
    services.generate_locations(parent_id=a_warehouse().pk, pattern="R{1..10}/B{1..100}")
    client.force_login(get_user_model().objects.create_superuser("root", "r@example.com", "x"))
    with CaptureQueriesContext(connection) as captured:
        answer = client.get("/admin/locations/location/", {"q": "WH1"})
    assert answer.status_code == 200
    assert len(captured) <= 15
