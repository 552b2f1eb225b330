"""Create, change and move single locations."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.apps import apps

from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput
from lodestock.kernel.models.tree import lock_tree
from lodestock.kernel.texts import choice
from lodestock.locations.domain.grammar import Grammar, read_grammar
from lodestock.locations.errors import (
    Closed,
    Duplicate,
    LocationCycle,
    UnknownLocation,
    UnknownSite,
    WrongPlace,
)
from lodestock.locations.models import Location
from lodestock.locations.services.fields import (
    clean_location_fields,
    department_of,
    holds_stock_by_kind,
)
from lodestock.locations.states import LocationStatus
from lodestock.locations.types import LocationKind


def create_location(
    *,
    site_id: int,
    kind: str,
    code: str,
    parent_id: int | None = None,
    department_id: int | None = None,
    **fields: Any,
) -> Location:
    """Add a place; its path follows from its parent's.

    Raises ``BadCode`` and :class:`WrongPlace` against the site's grammar, :class:`Duplicate` for a
    taken path or GLN, :class:`Closed` and :class:`UnknownLocation` for the parent,
    :class:`UnknownSite`, ``InvalidInput``. Virtual ones have a verb of their own.
    """
    kind = choice(kind, [k for k in LocationKind if k != LocationKind.VIRTUAL], field="kind")
    values = clean_location_fields(fields)
    values.setdefault("holds_stock", holds_stock_by_kind(kind))
    with transaction():
        grammar = grammar_of(site_id)
        parent = open_parent(parent_id, site_id)
        code = str(code).strip()
        grammar.check(kind=kind, code=code, parent_kind=parent.kind if parent else None)
        location = Location(
            site_id=site_id,
            kind=kind,
            code=code,
            parent=parent,
            department_id=department_of(department_id, site_id),
            **values,
        )
        with refusing_location(location):
            location.save(force_insert=True)
        location.refresh_from_db(fields=["path"])
    return location


def change_location(*, location_id: int, **fields: Any) -> Location:
    """Change what a place is like; nothing is written when nothing differs.

    Raises as :func:`create_location`. For parent and code see :func:`move_location`.
    """
    with transaction():
        location = location_for_update(location_id)
        values: dict[str, Any] = {}
        if "department_id" in fields:
            values["department_id"] = department_of(fields.pop("department_id"), location.site_id)
        values |= clean_location_fields(fields)
        changed = [name for name, value in values.items() if getattr(location, name) != value]
        for name in changed:
            setattr(location, name, values[name])
        if changed:
            with refusing_location(location):
                location.save(update_fields=[*changed, "updated_at"])
    return location


def move_location(
    *, location_id: int, parent_id: int | None = None, code: str | None = None
) -> Location:
    """Put a place, with everything in it, somewhere else at its site, or give it another code.

    ``parent_id`` is the new parent (``None``: the top); the paths of everything below follow.
    Raises :class:`LocationCycle` when the new parent lies inside the place, also when somebody
    else moves it there at the same moment; otherwise as :func:`create_location`.
    """
    with transaction():
        lock_tree(Location)
        location = location_for_update(location_id)
        refuse_virtual(location)
        assert location.site_id is not None
        parent = open_parent(parent_id, location.site_id)
        location.code = location.code if code is None else str(code).strip()
        grammar_of(location.site_id).check(
            kind=location.kind, code=location.code, parent_kind=parent.kind if parent else None
        )
        location.parent = parent
        with refusing_location(location):
            location.save(update_fields=["parent", "code", "updated_at"])
        location.refresh_from_db(fields=["path"])
    return location


def location_for_update(location_id: int) -> Location:
    """The location, locked. Raises :class:`UnknownLocation`."""
    found = Location.objects.select_for_update(no_key=True).filter(pk=location_id).first()
    if found is None:
        raise UnknownLocation("There is no such location: create it first.", field="location")
    return found


def open_parent(parent_id: int | None, site_id: int) -> Location | None:
    """The place to put something into, at ``site_id`` and open."""
    if parent_id is None:
        return None
    parent = Location.objects.filter(pk=parent_id).first()
    if parent is None:
        raise UnknownLocation("There is no such location: create the parent first.", field="parent")
    if not parent.active or parent.status != LocationStatus.OPEN:
        raise Closed(f"{parent.path} is closed: reopen it, or choose another.", field="parent")
    if parent.is_virtual or parent.site_id != site_id:
        raise WrongPlace(
            f"{parent.path} belongs to another site, or is virtual: places move within one site"
            " only; goods move between sites by transfer.",
            field="parent",
        )
    return parent


def grammar_of(site_id: int) -> Grammar:
    """How the site names its places. Raises :class:`UnknownSite`."""
    site = apps.get_model("organisation", "Site").objects.filter(pk=site_id).first()
    if site is None:
        raise UnknownSite("There is no such site: create it first.", field="site")
    return read_grammar(site.code, site.location_grammar)


def stays_as_it_is(location: Location) -> Conflict:
    """The refusal for another site or kind."""
    return Conflict(
        f"{location.path} stays a {location.kind} at its site: create the other place and move the"
        " goods there.",
        field="kind",
    )


def refuse_virtual(location: Location) -> None:
    """Virtual locations belong to the ledger and stay as they are."""
    if location.is_virtual:
        raise InvalidInput(
            f"{location.path} is virtual: the ledger books against it, it cannot be moved, closed"
            " or retired.",
            field="location",
        )


def refusing_location(location: Location) -> AbstractContextManager[None]:
    """Explain what the database refuses of ``location``."""
    upper = location.parent.path if location.parent else "the top"
    return refusing(
        {
            "locations_location_path_key": lambda: Duplicate(
                f"There already is a {location.code!r} in {upper}.", field="code"
            ),
            "locations_location_gln_key": lambda: Duplicate(
                f"The GLN {location.gln} already belongs to another location.", field="gln"
            ),
            "locations_location_no_cycle": lambda: LocationCycle(
                f"{location.code} cannot lie in {upper}, which lies in {location.code}.",
                field="parent",
            ),
        }
    )
