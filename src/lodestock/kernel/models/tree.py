"""Trees of records (``parent_id``): no cycles, whoever writes and however many at once.

The check runs in the database, so that bulk changes and raw SQL meet it too. Two transactions that
each move a node under the other would both find a sound tree and commit a cycle between them;
therefore moves within one table queue on a transaction lock, which ordinary inserts only share.
"""

from __future__ import annotations

import pgtrigger
from django.db import connections, models

_LOCK = "PERFORM pg_advisory_xact_lock{kind}(hashtextextended('tree:' || TG_TABLE_NAME, 0));"

#: For trigger functions: raises when NEW.parent_id lies below NEW. UNION also ends on old damage.
REFUSE_CYCLE = """
    IF NEW.parent_id IS NOT NULL AND EXISTS (
        WITH RECURSIVE above (id, parent_id) AS (
            SELECT NEW.id, NEW.parent_id
            UNION
            SELECT t.id, t.parent_id FROM {table} AS t JOIN above ON t.id = above.parent_id
        )
        SELECT 1 FROM above WHERE above.parent_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'cycle in %: % cannot lie below %', TG_TABLE_NAME, NEW.id, NEW.parent_id
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_no_cycle';
    END IF;
"""


def lock_tree(model: type[models.Model], *, using: str = "default") -> None:
    """Be the only one to shape the tree of ``model`` until the end of the transaction.

    Take it before the first row lock: the triggers take it too, but by then a verb that has
    locked its row first could wait for somebody who waits for that row.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('tree:' || %s, 0))",
            [model._meta.db_table],
        )


class RefuseCycle(pgtrigger.Trigger):
    """Before a node gets its parent: refuse one that lies below the node itself."""

    when = pgtrigger.Before

    def get_func(self, model: type[models.Model]) -> str:  # type: ignore[override]
        return REFUSE_CYCLE.format(table=model._meta.db_table) + "RETURN NEW;"


def tree_locks(*columns: str) -> list[pgtrigger.Trigger]:
    """Queue updates of ``columns`` (they shape the tree); let inserts share the lock.

    Taken before the statement touches a row: a lock taken row by row could deadlock.
    """
    return [
        pgtrigger.Trigger(
            name="tree_insert_lock",
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            operation=pgtrigger.Insert,
            func=_LOCK.format(kind="_shared") + " RETURN NULL;",
        ),
        pgtrigger.Trigger(
            name="tree_move_lock",
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            operation=pgtrigger.UpdateOf(*columns),
            func=_LOCK.format(kind="") + " RETURN NULL;",
        ),
    ]


def tree_triggers() -> list[pgtrigger.Trigger]:
    """What a plain tree needs: the locks and the check."""
    return [
        *tree_locks("parent_id"),
        RefuseCycle(
            name="refuse_cycle",
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
        ),
    ]
