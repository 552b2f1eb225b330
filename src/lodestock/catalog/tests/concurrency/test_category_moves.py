"""Two people move two categories below each other at the same moment."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest

from lodestock.catalog.tests.factories import a_category_line

MOVE = "UPDATE catalog_category SET parent_id = %s WHERE id = %s"
REACHES_ITSELF = """
WITH RECURSIVE above (start, id) AS (
    SELECT id, parent_id FROM catalog_category WHERE parent_id IS NOT NULL
    UNION
    SELECT above.start, c.parent_id FROM above JOIN catalog_category c ON c.id = above.id
    WHERE c.parent_id IS NOT NULL)
SELECT count(*) FROM above WHERE start = id
"""


@pytest.fixture
def lines(committing_db):
    """Two categories with one below each: a > a1 and b > b1."""
    return [[category.pk for category in a_category_line(2, name)] for name in "ab"]


def test_without_the_lock_both_commit_and_the_tree_has_a_circle(committing_db, lines):
    (a, a1), (b, b1) = lines
    with committing_db.connect_as_owner(autocommit=True) as owner:
        name = owner.execute(
            "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_tree_move_lock%'"
            " AND tgrelid = 'catalog_category'::regclass"
        ).fetchone()[0]
        owner.execute(f"ALTER TABLE catalog_category DISABLE TRIGGER {name}")
        with committing_db.connect() as first, committing_db.connect() as second:
            first.execute(MOVE, [b1, a])
            second.execute(MOVE, [a1, b])
            first.commit()
            second.commit()
        assert owner.execute(REACHES_ITSELF).fetchone()[0] == 4


def test_with_the_lock_the_second_waits_and_is_refused(committing_db, lines):
    (a, a1), (b, b1) = lines
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
        assert "cycle in catalog_category" in str(outcome["error"])
        assert first.execute(REACHES_ITSELF).fetchone()[0] == 0


def move(connection: psycopg.Connection[Any], parent: int, child: int, outcome: dict) -> None:
    try:
        connection.execute(MOVE, [parent, child])
        connection.commit()
    except psycopg.Error as error:
        connection.rollback()
        outcome["error"] = error
