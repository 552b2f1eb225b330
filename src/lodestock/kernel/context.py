"""Who acts, why, and within which chain of work: carried along, never passed around.

The web middleware, a job or a command opens a context; ``kernel.db.transaction`` hands it to
PostgreSQL for the history triggers, events copy it, and every log line shows the correlation id.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4


@dataclass(frozen=True, slots=True)
class Context:
    """``actor_id`` is the key of the acting user (``None``: the program itself)."""

    actor_id: int | None = None
    reason: str = ""
    correlation_id: UUID = field(default_factory=uuid4)
    causation_id: UUID | None = None


_current: ContextVar[Context | None] = ContextVar("lodestock_context", default=None)


def current() -> Context:
    """The present context; a fresh one (no actor, new correlation id) when none was opened."""
    context = _current.get()
    if context is None:
        context = Context()
        _current.set(context)
    return context


@contextmanager
def acting(**changes: Any) -> Iterator[Context]:
    """Work as somebody, for a reason, as part of a chain; the rest stays as it was.

    Keyword arguments are the fields of :class:`Context`.
    """
    context = replace(_current.get() or Context(), **changes)
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
