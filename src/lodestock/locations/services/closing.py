"""Close and reopen places, retire and restore them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError

from lodestock.kernel.context import acting, current
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, TransientError
from lodestock.kernel.models.tree import lock_tree
from lodestock.locations import ports
from lodestock.locations.errors import Closed, HoldsStock
from lodestock.locations.models import Location
from lodestock.locations.selectors import subtree_of
from lodestock.locations.services.locations import location_for_update, refuse_virtual
from lodestock.locations.states import MACHINE, LocationStatus

#: What the ledger's trigger on places calls its refusal.
EMPTY = "locations_location_empty"
#: Somebody holds a lock that is not waited for; a deadlock.
_BUSY = ("55P03", "40P01")


def close_location(*, location_id: int, reason: str = "") -> Location:
    """Close a place and everything in it: no goods in, none out.

    Raises :class:`HoldsStock`, naming the places, while goods lie there; ``TransientError`` while
    some are just being booked there; ``IllegalTransition`` when it is closed already.
    """
    with acting(reason=reason or current().reason), transaction():
        lock_tree(Location)
        location = location_for_update(location_id)
        refuse_virtual(location)
        location.status = MACHINE.target(location.status, "close", label=location.path)
        with _refusing_stock(location, "closed"):
            inside = subtree_of(location_id).filter(status=LocationStatus.OPEN)
            inside.update(status=location.status)
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
    """Retire a place with everything in it. Raises as :func:`close_location`."""
    with acting(reason=reason or current().reason), transaction():
        lock_tree(Location)
        location = location_for_update(location_id)
        refuse_virtual(location)
        with _refusing_stock(location, "retired"):
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


@contextmanager
def _refusing_stock(location: Location, what: str) -> Iterator[None]:
    """Shut the place in the block. Goods that were booked meanwhile are seen, or waited for."""
    _refuse_stock(location, what)
    try:
        with transaction():
            yield
    except (IntegrityError, OperationalError) as error:
        if not _stopped_by_goods(error):
            raise
        _refuse_stock(location, what)
        raise TransientError(
            f"Goods are being booked in {location.path} at this moment, so it cannot be {what}:"
            " try again."
        ) from error


def _stopped_by_goods(error: Exception) -> bool:
    """Goods were found there under the locks, or one of the locks was not to be had."""
    cause = error.__cause__
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    return constraint == EMPTY or getattr(cause, "sqlstate", "") in _BUSY


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
