"""What the locations room refuses."""

from __future__ import annotations

from lodestock.kernel.errors import Conflict, InvalidInput, NotFound


class UnknownLocation(NotFound):
    """No location has this path, code or key."""

    code = "unknown_location"
    title = "There is no such location"


class UnknownSite(NotFound):
    """No site has this key."""

    code = "unknown_site"
    title = "There is no such site"


class AmbiguousCode(Conflict):
    """Several locations have this code; the path says which one is meant."""

    code = "ambiguous_code"
    title = "The code is not unique"


class Duplicate(Conflict):
    """A path, GLN or virtual location is already there."""

    code = "duplicate"
    title = "This exists already"


class Closed(Conflict):
    """The location is closed or deactivated."""

    code = "location_closed"
    title = "The location is closed"


class LocationCycle(Conflict):
    """A location cannot lie inside itself."""

    code = "location_cycle"
    title = "The tree would close into a circle"


class HoldsStock(Conflict):
    """Goods lie there; move them first."""

    code = "location_holds_stock"
    title = "There is stock in the location"


class BadCode(InvalidInput):
    """The code does not fit the site's grammar."""

    code = "bad_location_code"
    title = "The code does not fit"


class WrongPlace(InvalidInput):
    """A location of this kind cannot lie below one of that kind, site or sort."""

    code = "wrong_place"
    title = "It cannot lie there"
