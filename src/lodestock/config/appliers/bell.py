"""A feed's alarm is an exception case."""

from __future__ import annotations

from lodestock.attention.services import close_case, open_case
from lodestock.feeds.ports import Alarm


class CaseBell:
    """Opens one case per feed, updates it when it rings again, closes it when it is over."""

    def ring(self, alarm: Alarm) -> None:
        open_case(
            rule=alarm.rule,
            severity=alarm.severity,
            subject_type=alarm.subject_type,
            subject_id=alarm.subject_id,
            title=alarm.title,
            evidence=dict(alarm.evidence),
        )

    def clear(self, *, rule: str, subject_type: str, subject_id: int, reason: str) -> None:
        close_case(rule=rule, subject_type=subject_type, subject_id=subject_id, note=reason)
