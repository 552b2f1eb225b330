"""Where a principal may see and book stock."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import Q

from lodestock.accounts.types import DEPARTMENT, WAREHOUSE
from lodestock.inventory.models import Balance
from lodestock.kernel.principals import EVERYWHERE, Principal
from lodestock.locations.selectors import subtree_of

M = TypeVar("M", bound=models.Model)

_Location = Balance._meta.get_field("location").related_model


def places_within(principal: Principal) -> models.QuerySet[models.Model] | None:
    """Which places may they work in? ``EVERYWHERE`` (None) when nothing restricts them.

    A place counts when its department and its warehouse are theirs, or when it belongs to none.
    """
    departments, warehouses = principal.within(DEPARTMENT), principal.within(WAREHOUSE)
    if departments is EVERYWHERE and warehouses is EVERYWHERE:
        return EVERYWHERE
    rows = _Location._default_manager.all()
    if departments is not EVERYWHERE:
        rows = rows.filter(Q(department_id__in=departments) | Q(department_id__isnull=True))
    if warehouses is not EVERYWHERE:
        below = Q(kind="virtual")
        for root in sorted(warehouses):
            below |= Q(pk__in=subtree_of(root).order_by().values("pk"))
        rows = rows.filter(below)
    return rows


def limit_to_places(
    queryset: models.QuerySet[M], principal: Principal, *columns: str
) -> models.QuerySet[M]:
    """Only rows of which one of the ``columns`` is a place of the principal."""
    places = places_within(principal)
    if places is EVERYWHERE:
        return queryset
    keys = places.order_by().values("pk")
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__in": keys})
    return queryset.filter(found)
