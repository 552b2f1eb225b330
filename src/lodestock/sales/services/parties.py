"""Who buys, and where the goods come from: named by key, and looked at before anything is made.

Foreign keys are judged at the commit; by then nobody can say which document was wrong.
"""

from __future__ import annotations

from lodestock.kernel.errors import InvalidInput, NotFound
from lodestock.partners.selectors import walk_in_id

from .work import Work


def customer_of(work: Work, customer_id: int | None) -> int:
    """The customer's key, or the walk-in's. Raises ``NotFound`` and ``InvalidInput``."""
    if customer_id is None:
        return walk_in_id()
    facts = work.customers.get(customer_id)
    if facts is None:
        raise NotFound("The document names a customer that does not exist.", field="customer")
    if not facts.active:
        raise InvalidInput(
            f"{facts.code} is retired: restore it, or name another customer.", field="customer"
        )
    return customer_id


def place_of(work: Work, location_id: int, site_id: int) -> int:
    """The place an order is served from, which is ours and belongs to its site.

    Raises ``NotFound`` and ``InvalidInput``.
    """
    facts = work.places.get(location_id)
    if facts is None:
        raise NotFound("The document names a location that does not exist.", field="location")
    if facts.virtual_kind:
        raise InvalidInput(
            f"{facts.path} is a virtual place and keeps no goods: name one of the site.",
            field="location",
        )
    if facts.site_id != site_id:
        raise InvalidInput(
            f"{facts.path} belongs to another site: name a place of the order's own.",
            field="location",
        )
    return location_id
