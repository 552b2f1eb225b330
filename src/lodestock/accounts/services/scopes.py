"""Where people may work: opaque kinds that the owning rooms register."""

from __future__ import annotations

from dataclasses import dataclass

from lodestock.accounts.errors import UnknownScopeKind
from lodestock.accounts.models import ScopeGrant, User
from lodestock.kernel.db import transaction


@dataclass(frozen=True, slots=True)
class ScopeKind:
    """A kind of place or party; ``label`` is the model whose sqids name its objects."""

    kind: str
    label: str


_kinds: dict[str, ScopeKind] = {}


def register_scope(kind: str, label: str) -> None:
    """Called by the owning room when it starts, e.g. ``("warehouse", "locations.location")``."""
    _kinds[kind] = ScopeKind(kind, label)


def scope_kinds() -> dict[str, ScopeKind]:
    """Every kind registered so far."""
    return dict(_kinds)


def scope_kind(kind: str) -> ScopeKind:
    """A registered kind. Raises :class:`UnknownScopeKind`."""
    try:
        return _kinds[kind]
    except KeyError:
        known = ", ".join(sorted(_kinds)) or "none"
        message = f"There is no scope {kind[:40]!r}; known are: {known}."
        raise UnknownScopeKind(message, field="kind") from None


def grant_scope(*, user: User, kind: str, object_id: int) -> ScopeGrant:
    """Let the user work there too; once granted, again changes nothing.

    Raises :class:`UnknownScopeKind` for a kind nobody registered.
    """
    scope_kind(kind)
    with transaction():
        grant, _ = ScopeGrant.objects.get_or_create(
            user=user, kind=kind, object_id=object_id, active=True
        )
    return grant


def revoke_scope(*, grant: ScopeGrant) -> None:
    """Take the grant back; history keeps it."""
    with transaction():
        grant.deactivate()


register_scope("department", "organisation.department")
