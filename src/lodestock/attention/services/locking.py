"""The one place that locks a case."""

from __future__ import annotations

from lodestock.attention.models import ExceptionCase


def locked(case: ExceptionCase) -> ExceptionCase:
    """The case as it stands now, nobody else changing it until the transaction ends."""
    return ExceptionCase.objects.select_for_update().get(pk=case.pk)
