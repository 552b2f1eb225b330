"""Where somebody works: in their departments, in their warehouses and everything below those."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from lodestock.accounts.types import DEPARTMENT, WAREHOUSE
from lodestock.kernel.errors import Forbidden
from lodestock.kernel.models import RecordQuerySet
from lodestock.kernel.principals import EVERYWHERE, Principal
from lodestock.locations.models import Location
from lodestock.locations.selectors.places import lies_in
from lodestock.locations.types import LocationKind

M = TypeVar("M", bound=models.Model)

_NOWHERE = Q(pk__in=())
_VIRTUAL = Q(kind=LocationKind.VIRTUAL)


def places_within(principal: Principal) -> RecordQuerySet[Location] | None:
    """Which places may they see and book? ``EVERYWHERE`` (None) when nothing restricts them.

    A place counts when it lies in a warehouse of theirs and its department is theirs, or nobody's.
    Who has a warehouse may also name the virtual places of the network and of its site: they are
    the other side of every movement.
    """
    departments, warehouses = principal.within(DEPARTMENT), principal.within(WAREHOUSE)
    if departments is EVERYWHERE and warehouses is EVERYWHERE:
        return EVERYWHERE
    rows: RecordQuerySet[Location] = Location.objects.all()
    if departments is not EVERYWHERE:
        rows = rows.filter(Q(department__in=departments) | Q(department__isnull=True))
    if warehouses is not EVERYWHERE:
        rows = rows.filter(_in(warehouses) | _virtual_beside(warehouses))
    return rows


def visible_places(principal: Principal) -> RecordQuerySet[Location]:
    """Which places may they see? The same as a list of rows."""
    places = places_within(principal)
    return Location.objects.all() if places is EVERYWHERE else places


def limit_to_warehouses(
    rows: models.QuerySet[M], principal: Principal, *places: str, site: str = ""
) -> models.QuerySet[M]:
    """Only documents that ship from, or to, a warehouse of the principal's.

    ``places`` are columns with keys of locations, of which one must lie in such a warehouse. A
    document that has none (all are NULL) is theirs when one of their warehouses stands at its
    ``site``; without ``site`` it is in nobody's warehouse, and seen by those who work in all.
    """
    warehouses = principal.within(WAREHOUSE)
    if warehouses is EVERYWHERE:
        return rows
    inside = Location.objects.filter(_in(warehouses)).values("pk")
    found = _any_of(places, inside)
    if site:
        nowhere = Q(**{f"{column}__isnull": True for column in places})
        found |= nowhere & Q(**{f"{site}__in": _sites_of(warehouses)})
    return rows.filter(found)


def refuse_elsewhere(principal: Principal, location_ids: Iterable[int]) -> None:
    """Raise :class:`Forbidden` when one of these places is outside of the principal's scope."""
    allowed = places_within(principal)
    if allowed is EVERYWHERE:
        return
    named = set(location_ids)
    if named - set(allowed.filter(pk__in=named).values_list("pk", flat=True)):
        raise Forbidden("A line names a place outside of your departments and warehouses.")


def _any_of(columns: Iterable[str], keys: models.QuerySet[Location, Any]) -> Q:
    """The condition that one of the ``columns`` holds one of the ``keys``."""
    return reduce(or_, (Q(**{f"{column}__in": keys}) for column in columns), _NOWHERE)


def _in(warehouses: Collection[int]) -> Q:
    return reduce(or_, (lies_in(key) for key in sorted(warehouses)), _NOWHERE)


def _virtual_beside(warehouses: Collection[int]) -> Q:
    if not warehouses:
        return _NOWHERE
    return _VIRTUAL & (Q(site__isnull=True) | Q(site__in=_sites_of(warehouses)))


def _sites_of(warehouses: Collection[int]) -> models.QuerySet[Location, Any]:
    return Location.objects.filter(pk__in=warehouses).values("site")
