"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from typing import Any

from lodestock.locations import services
from lodestock.locations.models import Location
from lodestock.organisation import services as organisation

FIVE_KINDS = (
    ("warehouse", "WH1"),
    ("zone", "Z2"),
    ("aisle", "A03"),
    ("rack", "R07"),
    ("bin", "B2"),
)


def a_site(code: str = "HQ") -> Any:
    return organisation.ensure_site(
        code=code, name=f"Site {code}", currency="EUR", time_zone="Europe/Berlin"
    )


def a_warehouse(code: str = "WH1", site: Any = None, **fields: Any) -> Location:
    site = site or a_site()
    return services.create_location(site_id=site.pk, kind="warehouse", code=code, **fields)


def a_place(parent: Location, kind: str, code: str, **fields: Any) -> Location:
    assert parent.site_id is not None
    return services.create_location(
        site_id=parent.site_id, parent_id=parent.pk, kind=kind, code=code, **fields
    )


def a_bin() -> Location:
    """``WH1/Z2/A03/R07/B2``, with everything above it."""
    place = None
    for kind, code in FIVE_KINDS:
        place = a_place(place, kind, code) if place else a_warehouse(code)
    assert place is not None
    return place


def make_locations(n: int) -> None:
    first = Location.objects.count()
    for number in range(first, first + n):
        a_warehouse(f"W{number}")


ROWS = {"locations": make_locations}

#: A place of its own: one with goods in it could not be retired.
MODELS = {"locations.location": make_locations}
