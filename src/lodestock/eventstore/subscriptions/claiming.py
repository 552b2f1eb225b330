"""One process at a time per subscriber."""

from __future__ import annotations

from django.db import connection


def claim(name: str) -> bool:
    """Take the subscriber for the rest of this transaction; False when another has it.

    An advisory lock, because a row lock would give the transaction a number, and while a slow
    handler waits for somebody outside, that number would hold back the horizon for everyone.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('lodestock.sub'), hashtext(%s))", [name]
        )
        return bool(cursor.fetchone()[0])
