"""Questions the locations room answers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.db.models import Q, Subquery, TextField, Value
from django.db.models.functions import Concat

from lodestock.kernel.composed import Composed
from lodestock.kernel.gs1 import parse_gln
from lodestock.kernel.models import RecordQuerySet
from lodestock.locations.errors import AmbiguousCode, Closed, UnknownLocation
from lodestock.locations.models import Location
from lodestock.locations.states import LocationStatus
from lodestock.locations.types import LocationFacts, LocationKind, VirtualKind

_FACTS = (
    *("id", "path", "code", "kind", "virtual_kind", "site_id", "status", "holds_stock", "active"),
)


def subtree_of(location_id: int) -> RecordQuerySet[Location]:
    """Which locations lie in this one, itself included? One statement, by ranges of the path."""
    return Location.objects.filter(lies_in(location_id))


def lies_in(location_id: int) -> Q:
    """The condition of lying in this location, or of being it."""
    path = Subquery(Location.objects.filter(pk=location_id).values("path"))
    # "0" is the character after "/": the range holds exactly what lies below.
    below = Q(path__gt=_joined(path, "/"), path__lt=_joined(path, "0"))
    return Q(pk=location_id) | below


def subtree(location_id: int) -> list[int]:
    """The keys of :func:`subtree_of`, in the order of the path."""
    return [key for (key,) in _subtree(location_id)]


def ancestors(path: str) -> list[LocationFacts]:
    """In which locations does this one lie, from the outside in, itself included?"""
    parts = path.split("/")
    paths = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return sorted(_facts(Q(path__in=paths)), key=lambda facts: len(facts.path))


@cache
def _network_virtual(kind: str) -> int:
    # Seeded by migration and never moved or deleted, so the answer never changes.
    rows = Location.objects.filter(virtual_kind=kind, site=None, active=True)
    return int(rows.values_list("id", flat=True).get())


def virtual_location(kind: VirtualKind | str, site: int | None = None) -> int:
    """Which location stands for suppliers, customers …? The site's own, else the network's.

    ``site`` is the key of a site. Raises ``ValueError`` for an unknown kind.
    """
    wanted = VirtualKind(str(kind).lower())
    if site is not None:
        rows = Location.objects.active().filter(virtual_kind=wanted, site_id=site)
        own = rows.values_list("id", flat=True).first()
        if own is not None:
            return int(own)
    return _network_virtual(wanted.value)


def location_by_path(path: str, *, open_only: bool = False) -> LocationFacts:
    """Which location has this path? Raises :class:`UnknownLocation`, :class:`Closed` if asked."""
    found = locations_by_path([path]).get(path)
    if found is None:
        raise UnknownLocation(
            f"There is no location {path[:80]!r}: create it, or check the path.",
            field="location",
            path=path[:80],
        )
    if open_only and (not found.active or found.status != LocationStatus.OPEN):
        raise Closed(f"{path} is closed: reopen it, or choose another place.", field="location")
    return found


def location_by_code(code: str, *, site_id: int | None = None) -> LocationFacts:
    """Which active location has this code, as scanned from a label? A path is understood too.

    Raises :class:`UnknownLocation` and, naming the paths, :class:`AmbiguousCode`.
    """
    condition = Q(path=code) | Q(code=code)
    if site_id is not None:
        condition &= Q(site_id=site_id)
    found = _facts(condition & Q(active=True))
    if not found:
        raise UnknownLocation(
            f"There is no location with the code {code[:80]!r} here.", field="location"
        )
    if len(found) > 1:
        exact = [facts for facts in found if facts.path == code]
        if exact:
            return exact[0]
        paths = [facts.path for facts in found[:5]]
        raise AmbiguousCode(
            f"{len(found)} locations have the code {code!r}: {', '.join(paths)}. Give the path.",
            field="location",
            paths=paths,
        )
    return found[0]


def location_by_gln(gln: str) -> LocationFacts:
    """Which location has this GLN? Raises ``InvalidInput`` and :class:`UnknownLocation`."""
    number = parse_gln(gln)
    for facts in _facts(Q(gln=number)):
        return facts
    raise UnknownLocation(f"No location has the GLN {number}.", field="gln")


def locations_by_path(paths: Iterable[str]) -> dict[str, LocationFacts]:
    """Which locations have these paths? Unknown ones are absent. One statement."""
    return {facts.path: facts for facts in _facts(Q(path__in=set(paths)))}


def location_facts(location_ids: Iterable[int]) -> dict[int, LocationFacts]:
    """Which locations have these keys? Unknown ones are absent. One statement."""
    rows = _facts_by_id(set(location_ids))
    return {row[0]: LocationFacts(**dict(zip(_FACTS, row, strict=True))) for row in rows}


def stock_locations(site_id: int) -> list[int]:
    """In which open, physical places of a site may goods lie? In pick order, then by path."""
    rows = Location.objects.active().filter(
        site_id=site_id, holds_stock=True, status=LocationStatus.OPEN
    )
    physical = rows.exclude(kind=LocationKind.VIRTUAL)
    return list(physical.order_by("pick_sequence", "path").values_list("id", flat=True))


def _joined(path: Subquery, end: str) -> Concat:
    return Concat(path, Value(end), output_field=TextField())


def _facts(condition: Q) -> list[LocationFacts]:
    rows = Location.objects.filter(condition).order_by("path").values(*_FACTS)
    return [LocationFacts(**row) for row in rows]


_facts_by_id = Composed(
    lambda key: Location.objects.filter(id__in=[key]).order_by("path").values_list(*_FACTS)
)
_subtree = Composed(lambda key: subtree_of(key).order_by("path").values_list("id"))
