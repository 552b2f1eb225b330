"""What cases tell the rest of the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestock.attention.models import ExceptionCase
from lodestock.eventstore.services import append
from lodestock.eventstore.types import NewEvent
from lodestock.kernel import ids


def publish(case: ExceptionCase, event_type: str, details: Mapping[str, Any]) -> None:
    """Record one of ExceptionOpened, ExceptionUpdated, ExceptionResolved."""
    payload = {
        "case": case.sqid,
        "rule": case.rule,
        "type": case.type,
        "severity": case.severity,
        "subject": subject_of(case),
        **details,
    }
    append(
        aggregate_type="ExceptionCase",
        aggregate_id=case.pk,
        events=[NewEvent(event_type, payload, site_id=case.site_id)],
    )


def subject_of(case: ExceptionCase) -> dict[str, str | None]:
    """The subject as everybody outside sees it: a model's label and a public id.

    ``sqid`` is null where the subject has none, or a key of several parts: what it is then stands
    in the evidence.
    """
    one_key = case.subject_id.isdecimal() and case.subject_type.lower() in ids.known_labels()
    sqid = ids.encode(case.subject_type, int(case.subject_id)) if one_key else None
    return {"type": case.subject_type, "sqid": sqid}
