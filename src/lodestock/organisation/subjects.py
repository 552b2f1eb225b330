"""What files can be fastened to: models that their rooms have registered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from lodestock.kernel.principals import Principal

VisibleSubjects = Callable[[Principal], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A model whose rows can have files: who sees which rows, and who changes them."""

    rows: VisibleSubjects
    view: str
    change: tuple[str, ...]

    def visible_to(self, principal: Principal) -> QuerySet[Any]:
        """The rows whose files ``principal`` sees; none without the permission to look."""
        rows = self.rows(principal)
        return rows if principal.may(self.view) else rows.none()

    def is_changed_by(self, principal: Principal) -> bool:
        """Whether they may fasten files to the rows they see, and take them away."""
        return any(principal.may(permission) for permission in self.change)


_subjects: dict[str, Subject] = {}


def register_subject(
    label: str, visible_to: VisibleSubjects, *, change: Collection[str] = ()
) -> None:
    """Let files be fastened to rows of a model (``"purchasing.purchaseorder"``).

    Called by the owning room when it starts. Whoever sees the row sees its files; without this
    nobody does. Any of the permissions ``change`` lets somebody fasten files; by default Django's
    own, ``<room>.change_<model>``, which documents that change by verbs do not use.
    """
    room, _, model = label.partition(".")
    _subjects[label] = Subject(
        visible_to, f"{room}.view_{model}", tuple(change) or (f"{room}.change_{model}",)
    )


def subjects() -> Mapping[str, Subject]:
    """What files can be fastened to, and which of them a principal sees."""
    return dict(_subjects)
