"""The tree under several hands at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import connection

from lodestock.kernel.errors import LodestockError
from lodestock.locations import services
from lodestock.locations.models import Location
from lodestock.locations.tests.factories import a_place, a_warehouse

MOVE = "UPDATE locations_location SET parent_id = %s WHERE id = %s"
REACHES_ITSELF = """
WITH RECURSIVE above (start, id) AS (
    SELECT id, parent_id FROM locations_location WHERE parent_id IS NOT NULL
    UNION
    SELECT above.start, l.parent_id FROM above JOIN locations_location l ON l.id = above.id
    WHERE l.parent_id IS NOT NULL)
SELECT count(*) FROM above WHERE start = id
"""


@pytest.fixture
def zones(committing_db):
    """``WH1/A/A1`` and ``WH1/B/B1``, as keys."""
    warehouse = a_warehouse()
    lines = []
    for name in "AB":
        outer = a_place(warehouse, "zone", name)
        lines.append((outer.pk, a_place(outer, "zone", f"{name}1").pk))
    return lines


def test_of_two_moves_into_each_other_the_second_is_refused(committing_db, zones):
    (a, a1), (b, b1) = zones
    with committing_db.connect() as first, committing_db.connect() as second:
        first.execute(MOVE, [b1, a])
        outcome: dict[str, Any] = {}
        waiting = threading.Thread(target=move, args=(second, a1, b, outcome))
        waiting.start()
        waiting.join(timeout=0.5)
        assert waiting.is_alive(), "the second move did not wait for the first"
        first.commit()
        waiting.join(timeout=10)
        assert isinstance(outcome["error"], psycopg.errors.CheckViolation)
        assert first.execute(REACHES_ITSELF).fetchone()[0] == 0


def test_a_place_created_while_its_parent_moves_gets_the_new_path(committing_db, zones):
    (a, a1), (_b, b1) = zones
    insert = (
        "INSERT INTO locations_location (site_id, parent_id, kind, code, name, status,"
        " holds_stock, temperature_band, mixed_item, mixed_lot)"
        " SELECT site_id, id, 'bin', 'NEW', '', 'open', true, '', true, true"
        " FROM locations_location WHERE id = %s"
    )
    with committing_db.connect() as mover, committing_db.connect() as creator:
        creator.execute(insert, [a1])
        moving = threading.Thread(target=move, args=(mover, b1, a, {}))
        moving.start()
        moving.join(timeout=0.5)
        assert moving.is_alive(), "the move did not wait for the new place below it"
        creator.commit()
        moving.join(timeout=10)
    assert Location.objects.get(code="NEW").path == "WH1/B/B1/A/A1/NEW"


def test_random_moves_leave_a_tree_with_true_paths(committing_db):
    warehouse = a_warehouse()
    keys = [a_place(warehouse, "zone", f"Z{number}").pk for number in range(12)]

    refused: list[int] = []

    def work(seed: int) -> None:
        dice = Random(seed)
        for _ in range(25):
            try:
                services.move_location(
                    location_id=dice.choice(keys), parent_id=dice.choice([*keys, warehouse.pk])
                )
            except LodestockError:
                refused.append(seed)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))  # a deadlock would raise here
    assert 0 < len(refused) < 100
    with committing_db.connect() as reader:
        assert reader.execute(REACHES_ITSELF).fetchone()[0] == 0
    for location in Location.objects.filter(pk__in=keys).select_related("parent"):
        assert location.path == f"{location.parent.path}/{location.code}"


def move(connection: psycopg.Connection[Any], parent: int, child: int, outcome: dict) -> None:
    try:
        connection.execute(MOVE, [parent, child])
        connection.commit()
    except psycopg.Error as error:
        connection.rollback()
        outcome["error"] = error
