"""Turn what a constraint refuses into the refusal of the room that owns it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError
from django.db.transaction import atomic

from .errors import LodestockError


@contextmanager
def refusing(
    refusals: Mapping[str, Callable[[], LodestockError]], *, using: str = "default"
) -> Iterator[None]:
    """Run the block in a savepoint; raise ``refusals[name]()`` when the constraint ``name`` fails.

    The transaction around it stays usable. Constraints not named raise as they are.
    """
    try:
        with atomic(using=using):
            yield
    except IntegrityError as error:
        refusal = refusals.get(constraint_of(error))
        if refusal is None:
            raise
        raise refusal() from error


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that failed; empty when PostgreSQL does not say."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
