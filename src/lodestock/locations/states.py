"""A location is open or closed; goods neither enter nor leave a closed one."""

from __future__ import annotations

from enum import StrEnum

from lodestock.kernel.states import Machine


class LocationStatus(StrEnum):
    """Open for movements, or closed."""

    OPEN = "open"
    CLOSED = "closed"


MACHINE = Machine(
    "Location",
    LocationStatus,
    initial=LocationStatus.OPEN,
    transitions={
        "close": {LocationStatus.OPEN: LocationStatus.CLOSED},
        "reopen": {LocationStatus.CLOSED: LocationStatus.OPEN},
    },
)
