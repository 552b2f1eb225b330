"""Places by the thousand: from a pattern, and from imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields as dataclass_fields
from itertools import product
from typing import Any

from lodestock.kernel.db import transaction
from lodestock.kernel.ensure import Ensured
from lodestock.kernel.errors import InvalidInput, LodestockError
from lodestock.kernel.texts import choice
from lodestock.locations.domain.grammar import Grammar
from lodestock.locations.domain.patterns import expand
from lodestock.locations.errors import UnknownLocation, WrongPlace
from lodestock.locations.models import Location
from lodestock.locations.services.fields import clean_location_fields, holds_stock_by_kind
from lodestock.locations.services.locations import (
    grammar_of,
    location_for_update,
    refuse_virtual,
    refusing_location,
)
from lodestock.locations.types import LocationKind, LocationSpec

DEFAULT_KINDS = ("zone", "aisle", "rack", "bin")
_PHYSICAL = [kind for kind in LocationKind if kind != LocationKind.VIRTUAL]


def generate_locations(
    *, parent_id: int, pattern: str, kinds: Sequence[str] | None = None, **fields: Any
) -> Ensured:
    """Create the places of a pattern below ``parent_id``; those that are there stay as they are.

    ``A{01..03}/R{01..10}/B{1..4}`` makes 3 aisles, 30 racks and 120 bins; ``kinds`` names the kind
    of each level (by default the last ones of zone, aisle, rack, bin). ``fields`` go to the
    innermost level. Raises ``InvalidInput`` for a bad pattern, ``BadCode`` and ``WrongPlace``
    against the site's grammar; then nothing is written.
    """
    levels = expand(pattern)
    if kinds is None:
        kinds = DEFAULT_KINDS[max(0, len(DEFAULT_KINDS) - len(levels)) :]
    if len(kinds) != len(levels):
        raise InvalidInput(
            f"kinds: {len(levels)} levels need as many kinds, not {len(kinds)}.", field="kinds"
        )
    with transaction():
        parent = location_for_update(parent_id)
        refuse_virtual(parent)
        stated = clean_location_fields(fields)
        specs: list[LocationSpec] = []
        for depth, kind in enumerate(kinds, start=1):
            extra = stated if depth == len(levels) else {}
            specs += [
                LocationSpec(path="/".join([parent.path, *codes]), kind=kind, **extra)
                for codes in product(*levels[:depth])
            ]
        assert parent.site_id is not None
        return ensure_locations(site_id=parent.site_id, specs=specs, update=False)


def ensure_locations(
    *, site_id: int, specs: Iterable[LocationSpec], update: bool = True, strict: bool = True
) -> Ensured:
    """Make sure every path exists as stated; ``{path: id}`` with what was created and changed.

    A parent must be stored or among ``specs``. ``strict=False`` leaves bad rows out, each with its
    error in ``refused``; otherwise the first one raises and nothing is written. Two statements
    for every level of the tree, however many rows; what lies there already is only compared.
    """
    wanted = {spec.path.strip("/"): spec for spec in specs}
    result = Ensured()
    with transaction():
        grammar = grammar_of(site_id)
        for depth in sorted({path.count("/") for path in wanted}):
            rows = {path: spec for path, spec in wanted.items() if path.count("/") == depth}
            _ensure_level(site_id, grammar, rows, result, update=update, strict=strict)
    return result


def _ensure_level(
    site_id: int,
    grammar: Grammar,
    rows: dict[str, LocationSpec],
    result: Ensured,
    *,
    update: bool,
    strict: bool,
) -> None:
    known = _by_path({*rows, *(_parent_path(path) for path in rows)} - {""})
    new: list[Location] = []
    for path, spec in rows.items():
        try:
            if path not in known:
                new.append(_location(site_id, grammar, path, spec, known))
                continue
            result[path] = known[path].pk
            if update and _bring(known[path], spec):
                result.changed.add(path)
        except LodestockError as error:
            result.refuse(path, error, strict=strict)
    if new:
        with refusing_location(new[0]):
            Location.objects.bulk_create(new, batch_size=2_000)
        made = {f"{_prefix(location)}{location.code}": location.pk for location in new}
        result.update(made)
        result.created |= set(made)


def _by_path(paths: Iterable[str]) -> dict[str, Location]:
    return {location.path: location for location in Location.objects.filter(path__in=paths)}


def _parent_path(path: str) -> str:
    return path.rpartition("/")[0]


def _prefix(location: Location) -> str:
    return f"{location.parent.path}/" if location.parent else ""


def _location(
    site_id: int, grammar: Grammar, path: str, spec: LocationSpec, known: dict[str, Location]
) -> Location:
    upper = _parent_path(path)
    parent = known.get(upper)
    if upper and parent is None:
        raise UnknownLocation(f"{path}: there is no {upper}: state it too.", field="path")
    if parent is not None and (parent.is_virtual or parent.site_id != site_id):
        raise WrongPlace(f"{path}: {upper} belongs to another site or is virtual.", field="path")
    kind = choice(spec.kind, _PHYSICAL, field="kind")
    code = path.rpartition("/")[2]
    grammar.check(kind=kind, code=code, parent_kind=parent.kind if parent else None)
    values = {"holds_stock": holds_stock_by_kind(kind)} | _stated(spec)
    return Location(site_id=site_id, parent=parent, kind=kind, code=code, **values)


def _stated(spec: LocationSpec) -> dict[str, Any]:
    names = [entry.name for entry in dataclass_fields(spec) if entry.name not in {"path", "kind"}]
    given = {name: value for name in names if (value := getattr(spec, name)) is not None}
    return clean_location_fields(given)


def _bring(location: Location, spec: LocationSpec) -> bool:
    """Bring a known place to what was stated; its kind is not changed by an import."""
    if location.kind != spec.kind:
        raise WrongPlace(
            f"{location.path} is a {location.kind}, not a {spec.kind}: use another code.",
            field="kind",
        )
    stated = _stated(spec)
    changed = [name for name, value in stated.items() if getattr(location, name) != value]
    if not changed:
        return False
    locked = location_for_update(location.pk)
    for name in changed:
        setattr(locked, name, stated[name])
    with refusing_location(locked):
        locked.save(update_fields=[*changed, "updated_at"])
    return True
