"""The situation is over, or somebody has dealt with it."""

from __future__ import annotations

from lodestock.attention.domain import CASE, LIVE, Resolution
from lodestock.attention.models import ExceptionCase
from lodestock.kernel import clock
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput

from .events import publish
from .locking import locked


def close_case(
    *,
    rule: str,
    subject_type: str,
    subject_id: int | str,
    resolution: str = Resolution.CLEARED,
    note: str = "",
) -> ExceptionCase | None:
    """Close the live case of a rule and subject; ``None`` when there is none. For rules."""
    live = ExceptionCase.objects.filter(
        rule=rule, subject_type=subject_type, subject_id=str(subject_id), status__in=LIVE
    )
    with transaction():
        case = live.select_for_update().first()
        return None if case is None else _close(case, resolution, note)


def resolve_case(case: ExceptionCase, *, resolution: str, note: str = "") -> ExceptionCase:
    """Close one case. For people. Raises :class:`IllegalTransition` when it is closed already."""
    with transaction():
        return _close(locked(case), resolution, note)


def _close(case: ExceptionCase, resolution: str, note: str) -> ExceptionCase:
    if resolution not in set(Resolution):
        possible = ", ".join(Resolution)
        raise InvalidInput(
            f"{resolution!r} is no resolution; possible are: {possible}.", field="resolution"
        )
    case.status = CASE.target(case.status, "close", label=case.sqid)
    case.resolution, case.resolution_note = resolution, note.strip()
    case.closed_at = clock.now()
    case.save()
    publish(case, "ExceptionResolved", {"resolution": resolution, "note": case.resolution_note})
    return case
