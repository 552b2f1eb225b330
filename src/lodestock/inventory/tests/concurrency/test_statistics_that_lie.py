"""A batch is as fast over tables that statistics call empty: after a roll-back they do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.db.transaction import set_rollback

from lodestock.inventory import services
from lodestock.inventory.tests import factories as f
from lodestock.inventory.types import (
    MovementLine,
    Place,
    PostingRequest,
    ReservationConsumption,
    ReservationRequest,
)
from lodestock.kernel.db import transaction

ORDERS = 1_200
# It takes one second. Plans that start from the tables took forty, and hours for 6,000 lines.
LIMIT = "15s"


def promise_and_ship(variant: int, place: int) -> None:
    """Promise every order its piece and ship them all in one batch."""
    wanted = [
        ReservationRequest("sales_order", f"SO-{n}", "1", variant, Decimal(1), (place,))
        for n in range(ORDERS)
    ]
    held = services.reserve_many(wanted)
    customer = Place(f.virtual("customer"))
    shipped = [
        PostingRequest(
            kind="ship",
            reference_type="sales_order",
            reference_id=f"SO-{n}",
            lines=[MovementLine(variant, Decimal(1), Place(place), customer)],
            consumes=[ReservationConsumption(one.lines[0].line_id, Decimal(1))],
        )
        for n, one in enumerate(held)
    ]
    services.post_many(shipped)


@pytest.mark.timeout(300)
def test_a_batch_after_a_rolled_back_one_does_not_start_from_the_tables(
    committing_db, owner_connection
):
    variant, bay = f.a_variant().pk, f.a_warehouse().pk
    received = MovementLine(variant, Decimal(ORDERS), Place(f.virtual("supplier")), Place(bay))
    f.post("receive", [received])
    with transaction():
        promise_and_ship(variant, bay)
        set_rollback(True)
    owner_connection.execute("ANALYZE inventory_reservation, inventory_reservationline")
    owner_connection.commit()
    with owner_connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'inventory_reservation'")
        assert cursor.fetchone() == (0,), "the statistics were to call the table empty"

    with transaction(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{LIMIT}'")
        promise_and_ship(variant, bay)
