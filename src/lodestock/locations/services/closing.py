"""Close and reopen places, retire and restore them."""

from __future__ import annotations

from lodestock.kernel.context import acting, current
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict
from lodestock.kernel.models.tree import lock_tree
from lodestock.locations import ports
from lodestock.locations.errors import Closed, HoldsStock
from lodestock.locations.models import Location
from lodestock.locations.selectors import subtree_of
from lodestock.locations.services.locations import location_for_update, refuse_virtual
from lodestock.locations.states import MACHINE, LocationStatus


def close_location(*, location_id: int, reason: str = "") -> Location:
    """Close a place and everything in it: no goods in, none out.

    Raises :class:`HoldsStock`, naming the places, while goods lie there; ``IllegalTransition``
    when it is closed already.
    """
    with acting(reason=reason or current().reason), transaction():
        lock_tree(Location)
        location = location_for_update(location_id)
        refuse_virtual(location)
        location.status = MACHINE.target(location.status, "close", label=location.path)
        _refuse_stock(location, "closed")
        subtree_of(location_id).filter(status=LocationStatus.OPEN).update(status=location.status)
    return location


def reopen_location(*, location_id: int, reason: str = "") -> Location:
    """Undo :func:`close_location`, for the place and everything in it.

    Raises :class:`Closed` while the place above is closed, ``IllegalTransition`` when it is open.
    """
    with acting(reason=reason or current().reason), transaction():
        lock_tree(Location)
        location = location_for_update(location_id)
        location.status = MACHINE.target(location.status, "reopen", label=location.path)
        if location.parent and location.parent.status != LocationStatus.OPEN:
            raise Closed(f"{location.parent.path} is closed: reopen that first.", field="parent")
        subtree_of(location_id).filter(status=LocationStatus.CLOSED).update(status=location.status)
    return location


def deactivate_location(*, location_id: int, reason: str = "") -> Location:
    """Retire a place with everything in it. Raises :class:`HoldsStock` while goods lie there."""
    with acting(reason=reason or current().reason), transaction():
        lock_tree(Location)
        location = location_for_update(location_id)
        refuse_virtual(location)
        _refuse_stock(location, "retired")
        subtree_of(location_id).deactivate()
        location.active = False
    return location


def restore_location(*, location_id: int) -> Location:
    """Undo :func:`deactivate_location`, for this place alone.

    Raises ``Conflict`` below a retired one.
    """
    with transaction():
        lock_tree(Location)
        location = location_for_update(location_id)
        if location.parent and not location.parent.active:
            raise Conflict(f"{location.parent.path} is retired: restore that first.")
        if not location.active:
            location.restore()
    return location


def _refuse_stock(location: Location, what: str) -> None:
    places = list(subtree_of(location.pk).values_list("id", flat=True))
    holding = ports.holding_stock(places)
    if not holding:
        return
    paths = list(Location.objects.filter(pk__in=holding).values_list("path", flat=True)[:5])
    more = f" and {len(holding) - len(paths)} more" if len(holding) > len(paths) else ""
    raise HoldsStock(
        f"{location.path} cannot be {what}: there is stock in {', '.join(paths)}{more}. Move it"
        " away first.",
        locations=[*paths],
    )
