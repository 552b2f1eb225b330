"""Where a feed's goods lie: the site its contract names, and one place in it."""

from __future__ import annotations

from dataclasses import dataclass

from lodestock.feeds.ports import Contract
from lodestock.inventory.types import Place
from lodestock.locations.selectors import stock_locations, virtual_location
from lodestock.locations.services import ensure_locations
from lodestock.locations.types import LocationKind, LocationSpec, VirtualKind
from lodestock.organisation.services import ensure_site

DEFAULT_SITE = "MAIN"


@dataclass(frozen=True, slots=True)
class FeedPlaces:
    """``location_id`` is the first place of the site that may hold stock."""

    site_id: int
    location_id: int
    opening_id: int
    adjust_id: int

    @property
    def stock(self) -> Place:
        return Place(self.location_id)

    @property
    def opening(self) -> Place:
        return Place(self.opening_id)

    @property
    def adjust(self) -> Place:
        return Place(self.adjust_id)


def places_of(contract: Contract) -> FeedPlaces:
    """The places of a feed; a site nobody has set up yet gets one warehouse."""
    code = contract.mapping.get("site", DEFAULT_SITE)
    site = ensure_site(
        code=code, currency=contract.mapping["currency"], time_zone=contract.timezone
    )
    known = stock_locations(site.pk)
    location_id = known[0] if known else _warehouse(site.pk, code)
    return FeedPlaces(
        site.pk,
        location_id,
        virtual_location(VirtualKind.OPENING),
        virtual_location(VirtualKind.ADJUST),
    )


def _warehouse(site_id: int, code: str) -> int:
    path = f"{code}-WH"
    spec = LocationSpec(path=path, kind=LocationKind.WAREHOUSE, name=code, holds_stock=True)
    return ensure_locations(site_id=site_id, specs=[spec])[path]
