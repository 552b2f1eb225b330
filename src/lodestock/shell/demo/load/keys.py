"""What the masters are called in the database, and when things happen on the site's clocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from lodestock.kernel import clock
from lodestock.locations.selectors import stock_locations, virtual_location
from lodestock.shell.demo.catalogue import variants
from lodestock.shell.demo.company import SITES

from .places import homes

#: The source named on every document: with its key, the document is known again.
SOURCE = "demo"

_ZONES = {site.code: site.time_zone for site in SITES}


@dataclass(frozen=True)
class Keys:
    """Database keys by the codes of the plan."""

    sites: dict[str, int]
    places: dict[str, int]
    companies: dict[str, int]
    articles: dict[str, int]
    _homes: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def codes(self) -> dict[int, str]:
        """SKU by key."""
        return {key: sku for sku, key in self.articles.items()}

    @cached_property
    def services(self) -> frozenset[str]:
        """SKUs of what is sold and never stocked."""
        return frozenset(variant.sku for variant in variants() if not variant.stocked)

    def place(self, site: str, code: str = "") -> int:
        """The key of a place of a site, or of its warehouse."""
        return self.places[f"{site}/{code}" if code else site]

    def home(self, site: str, sku: str) -> int:
        """The key of the bin where an article is at home."""
        if site not in self._homes:
            self._homes[site] = homes(site)
        return self.places[self._homes[site][sku]]

    def scope(self, site: str) -> list[int]:
        """All places of a site where goods may lie."""
        return stock_locations(self.sites[site])

    def virtual(self, kind: str) -> int:
        """The key of a virtual place."""
        return virtual_location(kind)


def at(site: str, day: date, hour: int, minutes: int = 0) -> datetime:
    """``minutes`` after the site's clocks showed that hour on that day."""
    return clock.at_local(day, time(hour), _ZONES[site]) + timedelta(minutes=minutes)


def minute_of(key: str, span: int) -> int:
    """A minute within ``span`` that belongs to a key: the same for the same key, and scattered."""
    return sum(ord(letter) * (n + 7) for n, letter in enumerate(key)) % span
