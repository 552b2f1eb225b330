"""Where: two warehouses with zones, aisles, racks and bins, docks and a place for questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from .company import MAIN, SOUTH

DOCK_IN, DOCK_OUT, STAGE, CHECKING = "DOCK-IN", "DOCK-OUT", "STAGE", "CHECK"


@dataclass(frozen=True)
class DemoPlace:
    """One location. ``path`` begins with the site's warehouse, whose code is the site's."""

    path: str
    kind: str
    name: str
    site: str
    type: str = "STORAGE"
    x: int | None = None
    y: int | None = None
    level: int | None = None
    pick_sequence: int | None = None
    temperature_band: str = ""


@dataclass(frozen=True)
class _Zone:
    code: str
    name: str
    aisles: int
    racks: int
    bins: int
    temperature_band: str = ""


_ZONES = {
    MAIN: (
        _Zone("P", "Picking", 4, 6, 5),
        _Zone("F", "Frames and wheels", 2, 5, 3),
        _Zone("C", "Care, kept cool", 1, 4, 4, "cool"),
    ),
    SOUTH: (_Zone("P", "Picking", 2, 5, 5), _Zone("C", "Care, kept cool", 1, 2, 4, "cool")),
}


def places(site: str) -> Iterator[DemoPlace]:
    """Every location of one site, parents before children."""
    yield DemoPlace(site, "warehouse", "Warehouse", site)
    doors = (
        (DOCK_IN, "dock", "Goods-in dock"),
        (DOCK_OUT, "dock", "Despatch dock"),
        (STAGE, "stage", "Packing bench"),
        (CHECKING, "zone", "Put aside for checking"),
    )
    for code, kind, name in doors:
        use = "DISPATCH" if code == DOCK_OUT else "STORAGE"
        yield DemoPlace(f"{site}/{code}", kind, name, site, type=use)
    sequence = count(10, 10)
    for number, zone in enumerate(_ZONES[site]):
        yield from _zone(site, zone, number * 20, sequence)


def _zone(site: str, zone: _Zone, west: int, sequence: Iterator[int]) -> Iterator[DemoPlace]:
    top = f"{site}/{zone.code}"
    yield DemoPlace(top, "zone", zone.name, site, temperature_band=zone.temperature_band)
    for aisle in range(1, zone.aisles + 1):
        yield DemoPlace(f"{top}/{aisle:02d}", "aisle", f"Aisle {aisle}", site)
        for rack in range(1, zone.racks + 1):
            here = f"{top}/{aisle:02d}/{rack:02d}"
            yield DemoPlace(here, "rack", f"Rack {rack}", site)
            for shelf in range(1, zone.bins + 1):
                yield DemoPlace(
                    f"{here}/{shelf}",
                    "bin",
                    "",
                    site,
                    x=west + 4 * aisle,
                    y=2 * rack,
                    level=shelf - 1,
                    pick_sequence=next(sequence),
                    temperature_band=zone.temperature_band,
                )


def bins(site: str, zone: str) -> list[str]:
    """Paths of the bins of one zone (``P`` where the site has no such zone)."""
    known = {one.code for one in _ZONES[site]}
    start = f"{site}/{zone if zone in known else 'P'}/"
    return [p.path for p in places(site) if p.kind == "bin" and p.path.startswith(start)]
