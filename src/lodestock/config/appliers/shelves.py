"""Places as a feed calls them: known by path or code, or made as bins of the site's warehouse."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from lodestock.config.appliers.places import FeedPlaces
from lodestock.kernel.errors import LodestockError
from lodestock.locations.selectors import ancestors, location_by_code, location_facts
from lodestock.locations.selectors import locations_by_path as by_path
from lodestock.locations.services import ensure_locations
from lodestock.locations.types import LocationFacts, LocationKind, LocationSpec

CODE_MAX = 16
NAME_MAX = 120


@dataclass(slots=True)
class Shelves:
    """Keys by the feed's own word for a place; ``refused`` says why a word leads nowhere.

    ``create``: a word nobody knows becomes a bin in the warehouse; otherwise it is refused.
    """

    places: FeedPlaces
    create: bool
    known: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def expect(self, words: Iterable[str]) -> None:
        """Look these words up, and make what is missing if that is wanted."""
        self.known[""] = self.places.location_id
        asked = {word for word in words if word not in self.known}
        if not asked:
            return
        above = self._warehouse()
        paths = {word: f"{above}{shelf_code(word)}" for word in asked}
        found = by_path({*asked, *paths.values()})
        missing = []
        for word in sorted(asked):
            facts = found.get(word) or found.get(paths[word]) or self._by_code(word)
            if facts is not None:
                self._take(word, facts)
            elif word not in self.refused:
                missing.append(word)
        self._make({word: paths[word] for word in missing})

    def _warehouse(self) -> str:
        """The path new bins are made below, with its slash; the top where there is none."""
        stock = location_facts([self.places.location_id])[self.places.location_id]
        for facts in ancestors(stock.path):
            if facts.kind == LocationKind.WAREHOUSE:
                return f"{facts.path}/"
        return ""

    def _by_code(self, word: str) -> LocationFacts | None:
        try:
            return location_by_code(word, site_id=self.places.site_id)
        except LodestockError as error:
            if error.code != "unknown_location":
                self.refused[word] = error.detail
            return None

    def _take(self, word: str, facts: LocationFacts) -> None:
        open_ = facts.active and facts.status == "open"
        if facts.site_id != self.places.site_id:
            self.refused[word] = f"{facts.path} belongs to another site than the feed's"
        elif not facts.holds_stock or not open_:
            self.refused[word] = f"{facts.path} is closed, or holds no stock itself"
        else:
            self.known[word] = facts.id
            self.refused.pop(word, None)

    def _make(self, paths: dict[str, str]) -> None:
        if not self.create:
            for word in paths:
                self.refused[word] = (
                    f"there is no place {word!r}: set it up, or let the contract say places: create"
                )
            return
        specs = {
            path: LocationSpec(path=path, kind=LocationKind.BIN, name=word[:NAME_MAX])
            for word, path in paths.items()
        }
        made = ensure_locations(
            site_id=self.places.site_id, specs=specs.values(), update=False, strict=False
        )
        for word, path in paths.items():
            if path in made:
                self.known[word] = made[path]
            else:
                self.refused[word] = made.refused[path].detail


def shelf_code(word: str) -> str:
    """``Shelf 3`` → ``SHELF-3``: capitals, digits and dashes, which every site's grammar knows.

    A code longer than 16 is cut and ends in a digest, so that two long words never share one.
    """
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    code = re.sub(r"[^A-Z0-9]+", "-", plain.upper()).strip("-")
    if code and len(code) <= CODE_MAX:
        return code
    digest = hashlib.blake2b(word.encode(), digest_size=2).hexdigest().upper()
    return f"{code[: CODE_MAX - 5].strip('-')}-{digest}".strip("-")
