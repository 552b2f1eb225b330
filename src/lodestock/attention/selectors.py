"""Questions about cases."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from lodestock.kernel.principals import Principal

from .domain import LIVE
from .models import ExceptionCase
from .services.events import subject_of


def visible_to(principal: Principal) -> QuerySet[ExceptionCase]:
    """Cases this principal may see: whoever may look at cases sees all of them."""
    return ExceptionCase.objects.select_related("owner", "site")


def live_case(rule: str, subject_type: str, subject_id: int | str) -> ExceptionCase | None:
    """The live case of a rule and subject, if there is one."""
    return ExceptionCase.objects.filter(
        rule=rule, subject_type=subject_type, subject_id=str(subject_id), status__in=LIVE
    ).first()


def live_by_severity() -> dict[str, int]:
    """How many live cases there are of each severity."""
    rows = ExceptionCase.objects.filter(status__in=LIVE).values_list("severity")
    return dict(rows.annotate(count=Count("id")))


__all__ = ["live_by_severity", "live_case", "subject_of", "visible_to"]
