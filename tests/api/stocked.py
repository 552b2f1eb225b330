"""A database in which every list of the API has rows, filled once for each test process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction

from lodestock.config.testing.fixtures import point_django_at
from lodestock.config.testing.server import template, test_server

ROWS_EACH = 51
#: These make most of the others' rows along the way. Stock leads: the balances that documents
#: leave behind are mostly empty, and the list of stock does not show those.
FIRST = ("stock", "returns", "receipts", "shipments", "purchase-orders", "sales-orders")


@pytest.fixture(scope="session")
def stocked_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of a clone in which each list with a factory has at least ``ROWS_EACH`` rows."""
    server = test_server()
    before = connections.settings["default"]["NAME"]
    name = server.clone(template())
    point_django_at(server.owner_of(name))
    try:
        with django_db_blocker.unblock():
            fill()
            connections.close_all()
    finally:
        point_django_at(server.owner_of(before))
    yield name
    server.drop(name)


def fill() -> None:
    """Make rows where they are missing, the richest documents first."""
    # Imported here: tests that need no API do not load all of it.
    from tests.api.resources import FACTORIES, LISTS

    order = sorted(LISTS, key=lambda r: FIRST.index(r.name) if r.name in FIRST else len(FIRST))
    for resource in order:
        missing = ROWS_EACH - resource.model._default_manager.count()
        if missing > 0 and resource.name in FACTORIES:
            resource.make(missing)


@pytest.fixture
def stocked(stocked_database: str, django_db_blocker: Any) -> Iterator[None]:
    """Give the test the stocked database; what it writes is rolled back."""
    server = test_server()
    before = connections.settings["default"]["NAME"]
    point_django_at(server.owner_of(stocked_database))
    try:
        with django_db_blocker.unblock():
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
            connections.close_all()
    finally:
        point_django_at(server.owner_of(before))
