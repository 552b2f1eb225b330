"""A rule has seen something: open a case, or say that it was seen again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection

from lodestock.attention.domain import CaseType, Severity
from lodestock.attention.models import ExceptionCase
from lodestock.kernel.db import transaction
from lodestock.kernel.encoding import dumps
from lodestock.kernel.errors import InvalidInput

from .events import publish

TITLE_CHARACTERS = 300

# The insert waits for a rival with the same rule and subject, then meets its row.
_INSERT = """
INSERT INTO attention_exceptioncase
    (rule, type, severity, status, subject_type, subject_id, site_id, title, evidence, count,
     resolution, resolution_note)
VALUES (%s, %s, %s, 'open', %s, %s, %s, %s, %s::jsonb, 1, '', '')
ON CONFLICT (rule, subject_type, subject_id)
    WHERE status IN ('open', 'acknowledged', 'in_progress') DO NOTHING
RETURNING id
"""

_SEEN_AGAIN = """
UPDATE attention_exceptioncase SET last_seen = clock_timestamp(), count = count + 1
WHERE rule = %s AND subject_type = %s AND subject_id = %s
  AND status IN ('open', 'acknowledged', 'in_progress')
RETURNING id
"""


def open_case(
    *,
    rule: str,
    severity: str,
    subject_type: str,
    subject_id: int | str,
    title: str,
    evidence: Mapping[str, Any] | None = None,
    case_type: str = CaseType.SYSTEM,
    site_id: int | None = None,
) -> ExceptionCase:
    """Open a case for this rule and subject, or update the live one; safe against rivals.

    Publishes ``ExceptionOpened``, or ``ExceptionUpdated`` when title or evidence changed or the
    severity rose (it never falls while the case is live). A sighting that changes nothing only
    raises ``count`` and ``last_seen``. Evidence holds figures and public ids, never names of
    people. Raises :class:`InvalidInput` for an unknown severity or type.
    """
    found = _parsed(severity, case_type)
    subject = str(subject_id)
    # As the database gives it back: decimals as text.
    wanted = {"title": title[:TITLE_CHARACTERS], "evidence": json.loads(dumps(evidence or {}))}
    with transaction():
        while True:
            values = [rule, found[1], found[0], subject_type, subject, site_id]
            values += [wanted["title"], dumps(wanted["evidence"])]
            if key := _run(_INSERT, values):
                return _opened(key)
            if key := _run(_SEEN_AGAIN, [rule, subject_type, subject]):
                return _updated(key, found[0], wanted)


def _opened(key: int) -> ExceptionCase:
    case = ExceptionCase.objects.get(pk=key)
    publish(case, "ExceptionOpened", {"title": case.title, "evidence": case.evidence})
    return case


def _updated(key: int, severity: Severity, wanted: Mapping[str, Any]) -> ExceptionCase:
    case = ExceptionCase.objects.get(pk=key)
    changes = _changes(case, severity, wanted)
    if changes:
        for name, value in changes.items():
            setattr(case, name, value)
        case.save(update_fields=[*changes, "updated_at"])
        publish(case, "ExceptionUpdated", {"changes": changes, "evidence": case.evidence})
    return case


def _changes(case: ExceptionCase, severity: Severity, wanted: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if severity.rank > Severity(case.severity).rank:
        changes["severity"] = severity.value
    if wanted["title"] != case.title:
        changes["title"] = wanted["title"]
    if wanted["evidence"] != case.evidence:
        changes["evidence"] = wanted["evidence"]
    return changes


def _parsed(severity: str, case_type: str) -> tuple[Severity, CaseType]:
    try:
        return Severity(severity), CaseType(case_type)
    except ValueError:
        raise InvalidInput(
            f"severity {severity!r}, type {case_type!r}: possible are"
            f" {', '.join(Severity)} and {', '.join(CaseType)}.",
            field="severity",
        ) from None


def _run(sql: str, values: list[Any]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return row[0] if row else None
