"""Who asks, as every selector and view sees them: what they may do, and where.

The accounts room implements :class:`Principal`; rooms below and above it only know this protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db import models
from django.db.models import Q

M = TypeVar("M", bound=models.Model)

#: What :meth:`Principal.within` answers for somebody who may work everywhere.
EVERYWHERE = None


class Principal(Protocol):
    """A user, or a machine with a key."""

    @property
    def key(self) -> str:
        """Stable name of this principal, e.g. ``user:12``; scopes idempotency and throttles."""

    @property
    def actor_id(self) -> int | None:
        """Key of the user in whose name things happen; ``None`` for the program itself."""

    def may(self, permission: str, **scope: int | None) -> bool:
        """Whether ``permission`` (``"purchasing.submit_purchaseorder"``) is held.

        ``scope`` says where: ``department=3, warehouse=17``. A place of ``None`` belongs to
        nobody and restricts nothing.
        """

    def within(self, kind: str) -> frozenset[int] | None:
        """The departments, warehouses … they may work in; ``EVERYWHERE`` when not restricted."""


@dataclass(frozen=True, slots=True)
class Program:
    """The program itself, for jobs and commands: nothing is refused to it."""

    key: str = "program"
    actor_id: int | None = None

    def may(self, permission: str, **scope: int | None) -> bool:
        return True

    def within(self, kind: str) -> frozenset[int] | None:
        return EVERYWHERE


PROGRAM = Program()


def limit_to_scope(
    queryset: models.QuerySet[M], principal: Principal, paths: Mapping[str, str]
) -> models.QuerySet[M]:
    """Only the rows within the principal's scopes.

    ``paths`` maps a scope kind to the column that holds its key, for instance
    ``{"department": "location__department_id"}``. Rows without one (NULL) belong to nobody and
    stay visible.
    """
    for kind, path in paths.items():
        allowed = principal.within(kind)
        if allowed is not EVERYWHERE:
            queryset = queryset.filter(
                Q(**{f"{path}__in": allowed}) | Q(**{f"{path}__isnull": True})
            )
    return queryset


class Directory(Protocol):
    """Where names of actors and principals of requests come from (the accounts room)."""

    def principal_of(self, request: Any) -> Principal | None:
        """The principal of an authenticated request; ``None`` for anonymous ones."""

    def names(self, actor_ids: Iterable[int]) -> Mapping[int, str]:
        """Display names by user key."""


class _NoDirectory:
    def principal_of(self, request: Any) -> Principal | None:
        return None

    def names(self, actor_ids: Iterable[int]) -> Mapping[int, str]:
        return {}


_directory: Directory = _NoDirectory()


def use_directory(directory: Directory) -> None:
    """Called once, when the accounts room starts."""
    global _directory  # noqa: PLW0603 - the one place where the room below meets the one above
    _directory = directory


def directory() -> Directory:
    """The directory in use; one that knows nobody before the accounts room has started."""
    return _directory
