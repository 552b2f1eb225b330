"""Sites and departments."""

from __future__ import annotations

from typing import Any

from lodestock.kernel import clock
from lodestock.kernel.db import transaction
from lodestock.organisation import selectors
from lodestock.organisation.models import Department, Site


def create_site(
    *, code: str, name: str, currency: str, time_zone: str = "UTC", **fields: Any
) -> Site:
    """A new site. Raises ``UnknownCurrency``, ``InvalidInput`` for a time zone that is none."""
    site = Site(
        code=code,
        name=name,
        currency=selectors.currency_by_code(currency),
        time_zone=time_zone,
        **fields,
    )
    return save_site(site)


def save_site(site: Site) -> Site:
    """Write a site after checking what the database cannot check."""
    clock.zone(site.time_zone)
    with transaction():
        site.save()
    return site


def ensure_site(*, code: str, name: str = "", currency: str, time_zone: str = "UTC") -> Site:
    """The site with this code, made if there is none."""
    found = Site.objects.filter(code=code).first()
    return found or create_site(
        code=code, name=name or code, currency=currency, time_zone=time_zone
    )


def create_department(*, site: Site, code: str, name: str) -> Department:
    """A department of a site; its code is unique there."""
    with transaction():
        return Department.objects.create(site=site, code=code, name=name)
