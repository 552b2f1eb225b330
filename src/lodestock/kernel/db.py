"""The one way to open a transaction that changes records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db import transaction as django_transaction

from .context import Context, current

_SET_CONTEXT = """
SELECT set_config('lodestock.actor', %s, true), set_config('lodestock.reason', %s, true),
       set_config('lodestock.correlation', %s, true)
"""


@contextmanager
def transaction(using: str = "default", *, durable: bool = False) -> Iterator[None]:
    """Everything inside commits together or not at all, and history knows who and why.

    The context (``kernel.context``) goes to PostgreSQL by one statement at the start, so that
    the history triggers also see the actor of bulk and raw SQL changes. A nested block sends
    it again only when somebody else acts in it, and gives it back at its end. ``durable``
    refuses to be nested, for verbs that must have committed when they return.
    """
    connection: Any = connections[using]
    outer: Context | None = None
    if connection.in_atomic_block:
        outer = getattr(connection, "lodestock_context", None)
    inner = current()
    with django_transaction.atomic(using=using, durable=durable):
        if inner != outer:
            _push(using, inner)
        connection.lodestock_context = inner
        try:
            yield
        finally:
            connection.lodestock_context = outer
    # A rollback of the inner block has put the settings back by itself; a commit has not.
    if outer is not None and inner != outer:
        _push(using, outer)


def _push(using: str, context: Context) -> None:
    actor = "" if context.actor_id is None else str(context.actor_id)
    with connections[using].cursor() as cursor:
        cursor.execute(_SET_CONTEXT, [actor, context.reason, str(context.correlation_id)])
