"""The direct way to the server survives what a cursor survives."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.db import transaction as django_transaction

from lodestock.inventory import errors, selectors
from lodestock.inventory.tests import factories as f
from lodestock.kernel.db import transaction


def test_a_rollback_does_not_lose_the_prepared_call(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    for attempt in range(3):
        with pytest.raises(errors.InsufficientStock), transaction():
            f.ship(variant, dock, 1000)
        f.receive(variant, dock, 1, step=str(attempt))
    assert selectors.balance_at(variant.pk, dock.pk).on_hand == 3


def test_a_server_that_forgot_the_statement_is_told_again(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 1)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    f.receive(variant, dock, 1)
    assert selectors.balance_at(variant.pk, dock.pk).on_hand == Decimal(2)


def test_a_posting_first_in_a_plain_transaction_is_rolled_back_with_it(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    f.receive(variant, dock, 1)
    with django_transaction.atomic():
        f.receive(variant, dock, 1)
        django_transaction.set_rollback(True)
    assert selectors.balance_at(variant.pk, dock.pk).on_hand == 1


def test_a_connection_that_prepares_by_itself_is_served_too(committing_db):
    variant, dock = f.a_variant(), f.a_warehouse()
    connection.ensure_connection()
    connection.connection.prepare_threshold = 0
    for _ in range(3):
        with pytest.raises(errors.InsufficientStock), transaction():
            f.ship(variant, dock, 1000)
        f.receive(variant, dock, 1)
    assert selectors.balance_at(variant.pk, dock.pk).on_hand == 3
