"""What files can be fastened to: models that their rooms have registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet

from lodestock.kernel.principals import Principal

VisibleSubjects = Callable[[Principal], QuerySet[Any]]

_subjects: dict[str, VisibleSubjects] = {}


def register_subject(label: str, visible_to: VisibleSubjects) -> None:
    """Let files be fastened to rows of a model (``"purchasing.purchaseorder"``).

    Called by the owning room when it starts. Whoever sees the row sees its files; without this
    nobody does.
    """
    _subjects[label] = visible_to


def subjects() -> Mapping[str, VisibleSubjects]:
    """What files can be fastened to, and which of them a principal sees."""
    return dict(_subjects)
