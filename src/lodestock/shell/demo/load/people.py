"""Sites, departments and those who sign in."""

from __future__ import annotations

import random

from django.contrib.auth import get_user_model

from lodestock.accounts import services as accounts
from lodestock.accounts.types import DEPARTMENT, WAREHOUSE
from lodestock.organisation import services as organisation
from lodestock.shell.demo.company import CURRENCY, DEPARTMENTS, PEOPLE, SITES, DemoPerson

#: A warehouse has the code of its site.
_SITE_OF = {code: site for code, _name, site in DEPARTMENTS}
_FIRST = "amber birch cedar clover copper ember fern hazel heron indigo juniper linen".split()
_SECOND = "anchor barrel beacon bobbin compass ferry harbour kettle ladder lantern mill".split()


def password_of(person: DemoPerson, seed: int) -> str:
    """The demo password, the same for the same seed: printed, and known to everybody."""
    rng = random.Random(f"{seed}:{person.username}")  # noqa: S311 - meant to be known
    return f"{rng.choice(_FIRST)}-{rng.choice(_SECOND)}-{rng.randrange(1000, 10000)}"


def load_sites() -> tuple[dict[str, int], dict[str, int]]:
    """Make the sites and departments; returns the keys of both by code."""
    sites: dict[str, int] = {}
    departments: dict[str, int] = {}
    for site in SITES:
        row = organisation.ensure_site(
            code=site.code, name=site.name, currency=CURRENCY, time_zone=site.time_zone
        )
        sites[site.code] = row.pk
        departments |= dict(row.departments.values_list("code", "pk"))
        for code, name, where in DEPARTMENTS:
            if where == site.code and code not in departments:
                made = organisation.create_department(site=row, code=code, name=name)
                departments[code] = made.pk
    return sites, departments


def load_people(departments: dict[str, int], places: dict[str, int], seed: int) -> None:
    """Make the accounts that are missing; the passwords of the others stay as they are.

    Who has a department works there, and in the warehouse of its site.
    """
    known = set(get_user_model().objects.values_list("username", flat=True))
    for person in PEOPLE:
        if person.username in known:
            continue
        user = accounts.create_user(
            username=person.username,
            password=password_of(person, seed),
            roles=[person.role],
            full_name=person.full_name,
            department_id=departments.get(person.department),
            is_staff=True,
        )
        if person.department:
            where = {DEPARTMENT: departments[person.department]}
            where[WAREHOUSE] = places[_SITE_OF[person.department]]
            for kind, key in where.items():
                accounts.grant_scope(user=user, kind=kind, object_id=key)
