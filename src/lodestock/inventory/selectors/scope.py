"""Where a principal may see stock and what moved it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TypeVar

from django.db import models
from django.db.models import Q

from lodestock.accounts.types import WAREHOUSE
from lodestock.inventory.models import Balance
from lodestock.kernel.principals import EVERYWHERE, Principal
from lodestock.locations.selectors import places_within

__all__ = ["limit_to_places", "places_within"]

M = TypeVar("M", bound=models.Model)

_Location = Balance._meta.get_field("location").related_model
_VIRTUAL = Q(kind="virtual")


def limit_to_places(
    queryset: models.QuerySet[M], principal: Principal, *columns: str
) -> models.QuerySet[M]:
    """Only rows of which one of the ``columns`` is a place of the principal's.

    A virtual place makes nobody's row of it: it is on one side of most movements. Rows without any
    other place (goods in transit) belong to no department, and to no warehouse; who works in all
    warehouses sees them.
    """
    places = places_within(principal)
    if places is EVERYWHERE:
        return queryset
    found = _any(columns, places.exclude(_VIRTUAL))
    if principal.within(WAREHOUSE) is EVERYWHERE:
        walkable = _Location._default_manager.exclude(_VIRTUAL)
        found |= _any(columns, places.filter(_VIRTUAL)) & ~_any(columns, walkable)
    return queryset.filter(found)


def _any(columns: tuple[str, ...], places: models.QuerySet[models.Model]) -> Q:
    keys = places.order_by().values("pk")
    return reduce(or_, (Q(**{f"{column}__in": keys}) for column in columns))
