"""Somebody has seen a case, takes it, works on it."""

from __future__ import annotations

from lodestock.attention.domain import CASE
from lodestock.attention.models import ExceptionCase
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import IllegalTransition

from .events import publish
from .locking import locked


def acknowledge_case(case: ExceptionCase) -> ExceptionCase:
    """Say that somebody has seen it. Raises :class:`IllegalTransition` unless it is open."""
    return _step(case, "acknowledge")


def start_case(case: ExceptionCase) -> ExceptionCase:
    """Say that somebody works on it."""
    return _step(case, "start")


def assign_case(case: ExceptionCase, *, owner_id: int | None) -> ExceptionCase:
    """Make a person responsible, or nobody. Raises :class:`IllegalTransition` when closed."""
    with transaction():
        fresh = locked(case)
        if not CASE.verbs(fresh.status):
            raise IllegalTransition(
                f"Case {fresh.sqid} is closed: nobody can be made responsible for it any more.",
                status=fresh.status,
            )
        if fresh.owner_id != owner_id:
            fresh.owner_id = owner_id
            fresh.save(update_fields=["owner", "updated_at"])
            publish(fresh, "ExceptionUpdated", {"changes": {"owner_id": owner_id}})
    return fresh


def _step(case: ExceptionCase, verb: str) -> ExceptionCase:
    with transaction():
        fresh = locked(case)
        fresh.status = CASE.target(fresh.status, verb, label=fresh.sqid)
        fresh.save(update_fields=["status", "updated_at"])
        publish(fresh, "ExceptionUpdated", {"changes": {"status": fresh.status}})
    return fresh
