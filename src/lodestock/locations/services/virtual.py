"""Virtual locations of a site of its own."""

from __future__ import annotations

from django.apps import apps

from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.texts import choice
from lodestock.locations.errors import Duplicate, UnknownSite
from lodestock.locations.models import Location
from lodestock.locations.types import LocationKind, VirtualKind


def create_virtual_location(*, kind: str, site_id: int) -> Location:
    """Give a site a virtual location of its own, e.g. its own goods in transit.

    From then on ``virtual_location(kind, site)`` answers with it. Raises :class:`Duplicate` and
    :class:`UnknownSite`.
    """
    kind = choice(kind, VirtualKind, field="kind")
    site = apps.get_model("organisation", "Site").objects.filter(pk=site_id).first()
    if site is None:
        raise UnknownSite("There is no such site: create it first.", field="site")
    location = Location(
        site=site,
        kind=LocationKind.VIRTUAL.value,
        virtual_kind=kind,
        code=f"V-{kind.upper()}-{site.code}"[:40],
        name=f"{kind.capitalize()}, {site.code}",
    )
    taken = Duplicate(f"{site.code} already has a virtual location {kind}.", field="kind")
    names = ("locations_location_one_virtual", "locations_location_path_key")
    with transaction(), refusing({name: lambda: taken for name in names}):
        location.save(force_insert=True)
        location.refresh_from_db(fields=["path"])
    return location
